import Manifests
import Model
import TestSupport

// Objects at random, with every field sometimes there and values at their limits.

extension AnySpec {
  static func random(_ random: inout SeededRandom) -> AnySpec {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .cluster(.random(&random))
    case 1: .nodePool(.random(&random))
    case 2: .queue(.random(&random))
    case 3: .workload(.random(&random))
    default: .gate(.random(&random))
    }
  }
}

extension SeededRandom {
  mutating func one<Value>(of values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  mutating func maybe<Value>(_ value: (inout SeededRandom) -> Value) -> Value? {
    Bool.random(using: &self) ? value(&self) : nil
  }

  mutating func some<Value>(of values: [Value]) -> [Value] {
    values.filter { _ in Bool.random(using: &self) }
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    one(of: [range.lowerBound, range.upperBound, Int.random(in: range, using: &self)])
  }

  mutating func amount() -> Int64 { Int64(next() >> UInt64.random(in: 2..<62, using: &self)) }
  mutating func seconds() -> Seconds { Seconds(Int64(int(0...3_153_600_000))) }
  mutating func money() -> Money { Money(micros: amount()) }
  mutating func name() -> String { one(of: ["a", "no", "1", "x-1", "on", "0x1", "null", "1e3"]) }
  mutating func word() -> String {
    one(of: ["", "no", "1.10", "0777", "x", "~x", "TRUE", "a: b", "é\n"])
  }
  mutating func value() -> String { one(of: ["", "no", "1.10", "0777", "x", "A_b"]) }

  mutating func counts(_ max: Int) -> CountRange {
    let (a, b) = (int(0...max), int(0...max))
    return CountRange(min(a, b), Swift.max(a, b))
  }

  mutating func amounts() -> AmountRange {
    let (a, b) = (amount(), amount())
    return one(of: [
      AmountRange(min: a), AmountRange(max: a), AmountRange(min: a, max: a),
      AmountRange(min: min(a, b), max: max(a, b)),
    ])
  }

  mutating func share() -> Share {
    Bool.random(using: &self) ? .percent(int(0...100)) : .count(int(0...10_000_000))
  }

  mutating func labels() -> Labels {
    Labels(some(of: ["a", "no", "example.com/x", "1"]).map { ($0, value()) })
  }

  mutating func models() -> [AcceleratorModel] {
    some(of: ["H100", "A100-80GB", "L4"]).map { AcceleratorModel($0) }
  }

  mutating func metadata() -> Metadata {
    Metadata(
      name: name(), labels: labels(), set: SetName(name()), isProtected: Bool.random(using: &self))
  }

  mutating func quota() -> Quota {
    Quota(
      accelerators: maybe { $0.int(0...10_000_000) },
      byModel: models().map { Quota.Entry($0, int(0...1_000_000)) })
  }
}

extension SimulatedSettings {
  fileprivate static func random(_ random: inout SeededRandom) -> SimulatedSettings {
    SimulatedSettings(
      seed: Int64(random.int(0...Int(Int32.max))), bootTime: random.seconds(),
      startTime: random.seconds(), outOfStock: random.some(of: ["p5.48xlarge:spot", "a"]),
      spotLifetime: random.maybe { $0.seconds() },
      address: random.maybe { _ in "127.0.0.1" })
  }
}

extension SlurmREST {
  fileprivate static func random(_ random: inout SeededRandom) -> SlurmREST {
    let isFile = Bool.random(using: &random)
    return SlurmREST(
      address: random.one(of: ["https://head:6820", "http://[::1]:6820/a-b/c"]), user: "no",
      tokenFile: isFile ? "/run/a b.jwt" : nil, tokenVariable: isFile ? nil : "SLURM_JWT",
      authorities: random.maybe { _ in "/etc/ca.pem" })
  }
}

extension SlurmSettings {
  fileprivate static func random(_ random: inout SeededRandom) -> SlurmSettings {
    SlurmSettings(
      configuration: random.maybe { $0.one(of: ["/etc/slurm.conf", "/a b: c"]) },
      rest: random.maybe { .random(&$0) },
      partition: random.maybe { _ in "gpu" }, account: random.maybe { _ in "1" },
      qos: random.maybe { _ in "true" },
      queuePartitions: Bool.random(using: &random) ? .none : Labels([("nlp", "low")]),
      queueAccounts: Bool.random(using: &random) ? .none : Labels([("nlp", "1")]),
      queueQos: Bool.random(using: &random) ? .none : Labels([("nlp", "true")]),
      reservation: random.maybe { _ in "r" },
      models: Bool.random(using: &random) ? .none : Labels([("nvidia_h100", "H100")]),
      launcher: random.some(of: ["srun", "--container-image={image}"]),
      workingDirectory: random.one(of: ["/tmp", "/"]), output: "/var/log/%x-%j.log",
      checkpointSignal: random.maybe { _ in "USR1" }, storageBytes: random.amount(),
      networkBitsPerSecond: random.amount(), acceleratorMemoryBytes: random.amount(),
      timeout: random.seconds())
  }
}

extension KubernetesSettings {
  fileprivate static func random(_ random: inout SeededRandom) -> KubernetesSettings {
    KubernetesSettings(
      kubeconfig: random.maybe { $0.one(of: ["/etc/kube", "/a b: c"]) },
      context: random.maybe { _ in "true" }, namespace: random.one(of: ["setpoint", "1"]),
      serviceAccount: random.maybe { _ in "1" }, port: random.int(1...65_535),
      acceleratorResource: random.one(of: ["nvidia.com/gpu", "amd.com/gpu"]),
      shareResource: random.maybe { _ in "nvidia.com/gpu.shared" },
      sharesPerDevice: random.int(1...1000),
      models: Bool.random(using: &random) ? .none : Labels([("NVIDIA-H100", "H100")]),
      acceleratorMemoryBytes: random.amount(), networkBitsPerSecond: random.amount(),
      allowsExec: Bool.random(using: &random), allowsInsecure: Bool.random(using: &random),
      timeout: random.seconds())
  }
}

extension ProviderSettings {
  fileprivate static func random(_ random: inout SeededRandom) -> ProviderSettings {
    switch random.int(0...2) {
    case 0: .simulated(.random(&random))
    case 1: .slurm(.random(&random))
    default: .kubernetes(.random(&random))
    }
  }
}

extension ClusterSpec {
  static func random(_ random: inout SeededRandom) -> ClusterSpec {
    ClusterSpec(
      metadata: random.metadata(),
      provider: .random(&random),
      region: random.one(of: ["us-east-1", "1"]), zones: ["z"] + random.some(of: ["y", "1:2"]),
      limits: ClusterLimits(
        nodes: random.maybe { $0.int(0...1_000_000) },
        accelerators: random.maybe { $0.int(0...10_000_000) },
        costPerHour: random.maybe { $0.money() },
        nodesPerMinute: random.maybe { $0.int(1...100_000) },
        callsPerMinute: random.maybe { $0.int(1...100_000) }),
      demandModel: random.maybe {
        DemandModel(
          baseMilli: $0.amount(), alphaMilli: $0.amount(), betaMilli: $0.amount(),
          gammaMilli: $0.amount(), limits: $0.maybe { $0.counts(10_000_000) })
      },
      catalog: random.maybe { _ in "prices.yaml" },
      prometheus: random.maybe {
        PrometheusSettings(
          url: "http://p" + $0.word(), tokenFile: $0.maybe { _ in "/run/token" },
          timeout: $0.seconds())
      }, budget: random.maybe { .random(&$0) },
      haproxy: random.maybe {
        HAProxySettings(
          file: "/etc/" + $0.name(), reload: ["systemctl"] + $0.some(of: ["reload", "haproxy"]),
          socket: $0.maybe { _ in "/run/haproxy.sock" }, timeout: $0.seconds())
      })
  }
}

extension Budget {
  static func random(_ random: inout SeededRandom) -> Budget {
    Budget(monthly: random.money(), onExceed: random.one(of: OnExceed.allCases))
  }
}

extension NodePoolSpec {
  static func random(_ random: inout SeededRandom) -> NodePoolSpec {
    let isListed = Bool.random(using: &random)
    return NodePoolSpec(
      metadata: random.metadata(), cluster: ClusterName(random.name()),
      instanceTypes: isListed ? ["a"] + random.some(of: ["b", "1.1"]) : [],
      requirements: isListed
        ? nil
        : InstanceRequirements(
          accelerators: random.models(), acceleratorCount: random.maybe { $0.amounts() },
          cpuMilli: random.amounts(), memoryBytes: random.maybe { $0.amounts() }),
      capacity: random.one(of: [[.spot], [.onDemand], [.spot, .onDemand]]),
      nodes: random.counts(100_000),
      limits: PoolLimits(
        costPerHour: random.maybe { $0.money() },
        nodesPerMinute: random.maybe { $0.int(1...100_000) },
        readyWithin: random.maybe { $0.seconds() }), zones: random.some(of: ["a", "b"]),
      labels: random.labels(),
      taints: random.some(of: ["a", "b"]).map {
        Taint(
          key: $0, value: random.value(), effect: random.one(of: [.noSchedule, .noExecute]))
      },
      reservedFor: random.some(of: ["a", "b"]).map { QueueName($0) },
      headroom: random.maybe {
        Headroom(replicas: $0.int(1...10_000), resources: .random(&$0))
      },
      disruption: Disruption(
        budget: random.share(), consolidate: random.one(of: [.empty, .underused]),
        consolidateAfter: random.maybe { $0.seconds() }, savingHorizon: random.seconds(),
        savingPercentMin: random.int(0...100), expireAfter: random.maybe { $0.seconds() }),
      unitsPerReplica: random.maybe { $0.int(1...1_000_000) })
  }
}

extension QueueSpec {
  static func random(_ random: inout SeededRandom) -> QueueSpec {
    // A limit that bounds nothing is not written, so that it reads as none.
    let limit = random.quota()
    return QueueSpec(
      metadata: random.metadata(), parent: random.maybe { QueueName($0.name()) },
      quota: random.quota(), borrowing: Bool.random(using: &random),
      limit: limit == Quota() ? nil : limit, weight: random.int(1...1000),
      budget: random.maybe { .random(&$0) })
  }
}

extension ReplicaResources {
  static func random(_ random: inout SeededRandom) -> ReplicaResources {
    ReplicaResources(
      amounts: Resources(
        cpuMilli: random.amount(), memoryBytes: random.amount(), storageBytes: random.amount(),
        networkBitsPerSecond: random.amount()),
      accelerator: random.maybe {
        AcceleratorRequest(
          models: $0.models(), milliDevices: $0.one(of: [1, 500, 1000, 8000, 1_024_000]),
          memoryBytesMin: $0.one(of: [0, $0.amount()]))
      })
  }
}

extension WorkloadSpec {
  static func random(_ random: inout SeededRandom) -> WorkloadSpec {
    WorkloadSpec(
      metadata: random.metadata(), type: random.one(of: [.training, .inference]),
      clusters: random.some(of: ["a", "no"]).map { ClusterName($0) },
      queue: random.maybe { QueueName($0.name()) }, priority: random.int(0...1000),
      replicas: Bool.random(using: &random)
        ? .range(random.counts(100_000))
        : .demand(
          Demand(
            computeMilli: random.amount(), storageMilli: random.amount(),
            networkMilli: random.amount())),
      step: random.maybe { $0.int(1...100_000) },
      resources: .random(&random),
      image: random.word(), command: random.some(of: ["", "a b", "--x", random.word()]),
      environment: Labels(random.some(of: ["A", "_b", "no"]).map { ($0, random.word()) }),
      secrets: random.some(of: ["a", "b"]).map {
        SecretReference(name: $0, key: random.name(), variable: "T")
      },
      volumes: random.some(of: ["data", "scratch"]).map { [r = random.int(0...1)] in
        VolumeMount(claim: $0, path: "/\($0)", isReadOnly: r == 1)
      },
      placement: PlacementRules(
        pack: random.maybe { $0.one(of: TopologyLevel.allCases) },
        packPreferred: random.maybe { $0.one(of: TopologyLevel.allCases) },
        spread: random.maybe { $0.one(of: TopologyLevel.allCases) },
        maxSkew: random.int(1...1000), nodeSelector: random.labels(),
        tolerations: random.some(of: ["a", "b"]).map {
          Toleration(key: $0, value: random.maybe { $0.value() })
        },
        affinity: random.neighbours(), antiAffinity: random.neighbours()),
      rollout: Rollout(maxSurge: random.share(), maxUnavailable: random.share()),
      checkpointEvery: random.maybe { $0.seconds() }, duration: random.maybe { $0.seconds() },
      autoscale: random.maybe { .random(&$0) },
      idle: random.maybe {
        IdlePolicy(
          query: "up" + $0.word(), belowMilli: $0.amount(), length: $0.seconds(),
          action: $0.one(of: IdlePolicy.Action.allCases))
      },
      endpoint: random.maybe {
        let port = $0.int(1...60_000)
        return Endpoint(
          ports: CountRange(port, port + $0.int(0...5000)),
          health: $0.maybe { _ in "/healthz?full=1" }, drain: $0.seconds(),
          load: $0.maybe { "up" + $0.word() })
      })
  }
}

extension AutoscalePolicy {
  static func random(_ random: inout SeededRandom) -> AutoscalePolicy {
    AutoscalePolicy(
      metrics: ["up"].map { MetricTarget(query: $0 + random.word(), targetMilli: random.amount()) },
      schedules: ["0 8 * * 1-5", "*/5 0 1,15 jan-mar sun"].compactMap { text in
        guard let start = try? CronTimes.parse(text) else { return nil }
        return ScaleSchedule(
          start: start, duration: random.seconds(),
          timeZone: random.one(of: ["UTC", "Asia/Tokyo"]),
          replicas: random.int(1...100_000))
      },
      tolerancePercent: random.int(0...100), riskPercent: random.int(1...50),
      readyAfter: random.seconds(), holdDown: random.seconds(),
      addedPerMinuteMax: random.maybe { $0.int(1...100_000) },
      removedPerMinuteMax: random.maybe { $0.int(1...100_000) })
  }
}

extension SeededRandom {
  fileprivate mutating func neighbours() -> [NeighbourRule] {
    some(of: TopologyLevel.allCases).map { NeighbourRule(workloads: labels(), within: $0) }
  }
}

extension GateSpec {
  static func random(_ random: inout SeededRandom) -> GateSpec {
    let predicates: [GatePredicate] = [
      .preempts(random.labels()), .costIncreaseAbove(perHour: random.money()),
      .costIncreaseAbovePercent(random.int(0...100_000)), .costAbove(perHour: random.money()),
      .deletes(kind: random.maybe { $0.one(of: Kind.allCases) }, moreThan: random.share()),
      .replaces, .movesMoreThan(random.int(0...1_000_000)), .touchesProtected,
      .nodesOutside([PoolName("a"), PoolName("b")]),
    ]
    return GateSpec(
      metadata: random.metadata(), deny: [.pending] + random.some(of: predicates),
      require: random.some(of: [
        .schedulableGang(AcceleratorModel("H100"), devices: random.int(1...100_000)),
        .schedulableGang(AcceleratorModel("L4"), devices: 1), .settles, .survives(.zone),
        .survives(.node),
      ]))
  }
}
