#include "event_loop.h"

#include <yaml.h>

// The least that anything built on libyaml can cost: the figure that the reader is compared with.
long yaml_count_events(const unsigned char *bytes, size_t count) {
  yaml_parser_t parser;
  yaml_event_t event;
  long events = 0;
  int is_end = 0;

  if (!yaml_parser_initialize(&parser)) return -1;
  yaml_parser_set_input_string(&parser, bytes, count);
  while (!is_end) {
    if (!yaml_parser_parse(&parser, &event)) {
      events = -1;
      break;
    }
    is_end = event.type == YAML_STREAM_END_EVENT;
    events += 1;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return events;
}
