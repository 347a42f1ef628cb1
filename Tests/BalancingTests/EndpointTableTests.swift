import Balancing
import Model
import Testing

let lab = ClusterName("lab")

func node(_ name: String, at address: String? = "10.0.0.1") -> ObservedNode {
  ObservedNode(
    id: NodeID(lab, name), pool: nil, instanceType: "slurm", zone: "a", capacityType: .onDemand,
    labels: .none, capacity: NodeCapacity(amounts: .zero), phase: .ready, address: address,
    createdAt: Timestamp(seconds: 0))
}

func replica(
  _ ordinal: Int, of workload: String = "chat", on node: String, port: Int? = 8080,
  _ phase: ObservedReplica.Phase = .ready, cores: Int64 = 4, devices: Int64 = 0
) -> ObservedReplica {
  ObservedReplica(
    id: ReplicaID(WorkloadName(workload), ordinal), node: NodeID(lab, node), devices: [],
    resources: ReplicaResources(
      amounts: Resources(cpuMilli: cores * 1000),
      accelerator: devices == 0
        ? nil : AcceleratorRequest(models: [], milliDevices: devices * 1000)),
    revision: Revision("r"), port: port, phase: phase, startedAt: Timestamp(seconds: 0))
}

func service(_ name: String = "chat", health: String? = nil) -> WorkloadSpec {
  WorkloadSpec(
    metadata: Metadata(name: name), type: .inference, replicas: .range(CountRange(2)),
    resources: ReplicaResources(),
    endpoint: Endpoint(ports: CountRange(8080, 8090), health: health))
}

func table(
  _ nodes: [ObservedNode], _ replicas: [ObservedReplica],
  of workloads: [WorkloadSpec] = [service()],
  leaving: Set<Standing> = []
) -> EndpointTable {
  EndpointTable(
    of: DesiredState(workloads: workloads),
    seen: Observation(
      cluster: lab, at: Timestamp(seconds: 0), nodes: nodes, replicas: replicas),
    leaving: leaving)
}

extension EndpointTable {
  /// `chat/0 10.0.0.1:8080 100 ready`
  var lines: [String] {
    services.flatMap { service in
      service.servers.map {
        "\($0.standing.replica) \($0.address):\($0.port) \($0.weight) \($0.state.rawValue)"
      } + service.unreachable.map { "\($0.standing.replica) \($0.reason.rawValue)" }
    }
  }
}

/// Who gets requests follows from what is wanted and what was seen.
@Suite struct EndpointTableTests {
  let nodes = [node("a", at: "10.0.0.1"), node("b", at: "10.0.0.2")]

  @Test func replicasThatRunTakeRequestsWhereTheirNodesAre() {
    let replicas = [
      replica(1, on: "b", port: 8081), replica(0, on: "a"), replica(2, on: "a", .starting),
      replica(3, on: "a", .crashLooping), replica(4, on: "a", .lost),
      replica(5, on: "a", .finished),
    ]
    #expect(
      table(nodes, replicas).lines
        == ["chat/0 10.0.0.1:8080 100 ready", "chat/1 10.0.0.2:8081 100 ready"])
  }

  @Test func whoIsAboutToStopDrains() {
    let replicas = [replica(0, on: "a"), replica(0, on: "b"), replica(1, on: "b", .stopping)]
    let leaving: Set = [Standing(replicas[0].id, on: replicas[0].node)]
    #expect(
      table(nodes, replicas, leaving: leaving).lines == [
        "chat/0 10.0.0.1:8080 100 drain", "chat/0 10.0.0.2:8080 100 ready",
        "chat/1 10.0.0.2:8080 100 drain",
      ])
  }

  @Test func whereNobodyCanSendRequestsThatIsSaid() {
    let nodes = [node("a"), node("b", at: nil), node("c", at: "10.0.0.1 weight 256")]
    let replicas = [replica(0, on: "a", port: nil), replica(1, on: "b"), replica(2, on: "c")]
    #expect(
      table(nodes, replicas).lines == ["chat/0 noPort", "chat/1 noAddress", "chat/2 badAddress"])
  }

  @Test func aServiceWithoutReplicasIsThere() {
    #expect(table(nodes, []).services.map(\.workload.text) == ["chat"])
  }

  @Test func oneThatIsNotWantedTakesRequestsUntilItLeaves() {
    let gone = table(
      nodes, [replica(0, on: "a"), replica(0, of: "batch", on: "b", port: nil)], of: [])
    #expect(gone.lines == ["chat/0 10.0.0.1:8080 100 ready"])
    var quiet = service()
    quiet.endpoint = nil
    #expect(table(nodes, [replica(0, on: "a")], of: [quiet]).services.isEmpty)
    var elsewhere = service()
    elsewhere.clusters = [ClusterName("other")]
    #expect(table(nodes, [replica(0, on: "a")], of: [elsewhere]).lines.count == 1)
    #expect(table(nodes, [], of: [elsewhere]).services.isEmpty)
  }

  @Test func weightsFollowWhatReplicasHold() {
    let cores = [replica(0, on: "a", cores: 4), replica(1, on: "b", cores: 16)]
    #expect(table(nodes, cores).services[0].servers.map(\.weight) == [25, 100])
    let devices = [
      replica(0, on: "a", cores: 64, devices: 2), replica(1, on: "b", cores: 8, devices: 3),
    ]
    #expect(table(nodes, devices).services[0].servers.map(\.weight) == [67, 100])
    let tiny = [replica(0, on: "a", cores: 1), replica(1, on: "b", cores: 1000)]
    #expect(table(nodes, tiny).services[0].servers.map(\.weight) == [1, 100])
  }

  @Test(arguments: [
    ("10.0.0.1", HostAddress.Kind.ip4), ("256.0.0.1", nil), ("10.0.0", nil), ("1.2.3.4.5", nil),
    ("fe80::1", .ip6), ("::", .ip6), ("a:b", nil), ("gpu-1", .name), ("gpu_1.lab.example", .name),
    ("", nil), ("gpu 1", nil), ("gpu\n1", nil), ("-x", nil), ("größe", nil),
    (String(repeating: "a", count: 254), nil),
  ])
  func addresses(text: String, kind: HostAddress.Kind?) {
    #expect(HostAddress(text)?.kind == kind)
  }
}

/// Who has more to do gets less, within bounds and not at once.
@Suite struct MeasuredWeightTests {
  let nodes = [node("a", at: "10.0.0.1"), node("b", at: "fd00::2")]
  let replicas = [replica(0, on: "a", cores: 4), replica(1, on: "b", cores: 4)]

  /// Weights after each of these measurements of both.
  func weights(_ measured: [(Double?, Double?)]) -> [[Int]] {
    var factors: [Standing: Int] = [:]
    return measured.map { first, second in
      let before = factored(factors)
      var loads: [String: Double] = [:]
      loads["10.0.0.1:8080"] = first
      loads["[fd00::2]:8080"] = second
      factors = before.factors(
        EndpointLoads(cluster: lab, services: [WorkloadName("chat"): loads]), after: factors)
      return factored(factors).services[0].servers.map(\.weight)
    }
  }

  func factored(_ factors: [Standing: Int]) -> EndpointTable {
    EndpointTable(
      of: DesiredState(workloads: [service()]),
      seen: Observation(
        cluster: lab, at: Timestamp(seconds: 0), nodes: nodes, replicas: replicas),
      leaving: [], factors: factors)
  }

  @Test func twiceTheLoadIsHalfTheRequests() {
    // The mean is 15: one is to get three quarters, the other one and a half times as much, and half of
    // the way there makes 88 and 125 per cent of that.
    #expect(weights([(20, 10)]) == [[70, 100]])
    let settled = weights(Array(repeating: (20, 10), count: 10))
    #expect(settled.last == settled[8])
    #expect((50...60).contains(settled[9][0]) && settled[9][1] == 100, "\(settled)")
  }

  @Test func nobodyIsLeftOutOrOverrun() {
    let idle = weights(Array(repeating: (1_000_000, 0), count: 20))
    #expect(idle.last.map { $0[0] >= 25 && $0[1] == 100 } ?? false, "\(idle)")
  }

  @Test func whatIsNearlyEvenChangesNothing() {
    #expect(
      weights([(10, 10), (10.5, 9.5), (9.2, 10.8)]) == [[100, 100], [100, 100], [100, 100]])
  }

  @Test(
    arguments: [
      (nil, nil), (Double?.none, 5), (.nan, 5), (-.infinity, 5), (-3, 5), (0, 0),
    ] as [(Double?, Double?)])
  func whatIsNotKnownIsEven(first: Double?, second: Double?) {
    let after = weights([(20, 10)] + Array(repeating: (first, second), count: 10))
    #expect(after[0] == [70, 100])
    #expect(after.last.map { $0[0] >= 85 } ?? false, "\(after)")
  }

  @Test func whoHoldsMoreMayHaveMoreToDo() {
    let two = [replica(0, on: "a", cores: 4), replica(1, on: "b", cores: 8)]
    let seen = Observation(
      cluster: lab, at: Timestamp(seconds: 0), nodes: nodes, replicas: two)
    let table = EndpointTable(
      of: DesiredState(workloads: [service()]), seen: seen, leaving: [])
    let loads = ["10.0.0.1:8080": 10.0, "[fd00::2]:8080": 20.0]
    let heard = EndpointLoads(cluster: lab, services: [WorkloadName("chat"): loads])
    #expect(table.factors(heard, after: [:]).isEmpty)
  }
}

/// How replicas know where to listen.
@Suite struct PortTests {
  @Test func ofARangeEachHasItsOwn() {
    let endpoint = Endpoint(ports: CountRange(8000, 8003))
    #expect((0...4).map(endpoint.port) == [8000, 8001, 8002, 8003, nil])
    #expect(Endpoint(ports: CountRange(80)).port(of: 7) == 80)
    #expect(endpoint.port(of: .max) == nil)
  }
}
