#pragma once
#include <stddef.h>

/// Events that libyaml finds in the bytes, each thrown away at once; -1 if it fails.
long yaml_count_events(const unsigned char *bytes, size_t count);
