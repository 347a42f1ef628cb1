# The two commands that a newcomer needs are `make demo` and `make test`; each installs what is missing.

SWIFT ?= swift
SOURCES = Sources Tests Package.swift

.PHONY: demo test test-haproxy story-haproxy test-prometheus test-slurm story-slurm story-kubernetes soak check-core build release lint format snapshots schema install-deps

## The main job, end to end: a plan, its apply, a lost node and how it heals, on the built-in simulation.
demo: install-deps
	$(SWIFT) build --product setpoint
	@scripts/demo "$$($(SWIFT) build --show-bin-path)/setpoint"

## All tests; no more at once than there are cores, since those that go with real time would starve.
test: install-deps
	$(SWIFT) test --experimental-maximum-parallelization-width $(shell nproc)

## An hour of trials and fuzzing, with seeds that no test ran before; see docs/reliability.md.
soak: install-deps
	scripts/trials planted
	scripts/trials 40
	scripts/fuzz 120

## The provider contract, lost answers and accounts on a real Slurm, which is thrown away; as root.
test-slurm: install-deps
	Tests/slurm/install
	SETPOINT_TEST_SLURM=1 $(SWIFT) test --filter SlurmProviderTests
	Tests/slurm/accounts "$$($(SWIFT) build --show-bin-path)/setpoint"
	@left="$$(Tests/slurm/processes "/tmp/setpoint-\\(slurm\\|accounts\\)")"; [ -z "$$left" ] || \
	  { echo "processes are left of the clusters:" $$left >&2; exit 1; }

## What a real HAProxy does with the endpoints that it is given; it is installed, started and thrown away.
test-haproxy: install-deps
	Tests/haproxy/install
	SETPOINT_TEST_HAPROXY=1 $(SWIFT) test --filter HAProxyBalancerTests

## A service on a real Slurm behind a real HAProxy, under requests that never stop; a minute or two; as root.
story-haproxy: install-deps
	Tests/slurm/install
	Tests/haproxy/install
	$(SWIFT) build --product setpoint
	Tests/haproxy/story "$$($(SWIFT) build --show-bin-path)/setpoint"

## What is read of a real Prometheus, which is installed, started and thrown away.
test-prometheus: install-deps
	Tests/prometheus/install
	SETPOINT_TEST_PROMETHEUS=1 $(SWIFT) test --filter PrometheusSourceTests

## A whole story on a real Slurm: rollout, crash, burst, preemption, drain, kills; minutes; as root.
story-slurm: install-deps
	Tests/slurm/install
	$(SWIFT) build --product setpoint
	Tests/slurm/story "$$($(SWIFT) build --show-bin-path)/setpoint"

## A whole story on an imitation of Kubernetes; some minutes.
story-kubernetes: install-deps
	$(SWIFT) build --product setpoint
	$(SWIFT) build --product setpoint-kubernetes
	bin="$$($(SWIFT) build --show-bin-path)" && \
	  Tests/kubernetes/story "$$bin/setpoint" "$$bin/setpoint-kubernetes"

## The pure floors only, for the inner loop: F=PlanningTests narrows it further.
check-core: install-deps
	$(SWIFT) build --target Views
	$(if $(F),$(SWIFT) test --filter $(F))

build: install-deps
	$(SWIFT) build

## One binary with Swift's runtime in it.
release: install-deps
	$(SWIFT) build -c release --product setpoint -Xswiftc -static-stdlib --static-swift-stdlib

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

## Rewrites golden files; the tests fail while they do, so that the change is looked at and committed.
snapshots: install-deps
	UPDATE_SNAPSHOTS=1 $(SWIFT) test

## The JSON Schemas of manifests and documents, as the binary prints them.
schema: install-deps
	UPDATE_SNAPSHOTS=1 $(SWIFT) test --filter 'ManifestsTests.Schemas|DocumentsTests.PlanDocuments'

install-deps:
	@scripts/install-deps
