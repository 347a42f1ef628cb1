import Digests
import Documents
import Model
import Planning
import TestSupport

/// Values of all shapes, from a seed.
struct SomeValues {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

  mutating func many<Value>(_ make: (inout SomeValues) -> Value) -> [Value] {
    (0..<below(4)).map { _ in make(&self) }
  }

  mutating func maybe<Value>(_ make: (inout SomeValues) -> Value) -> Value? {
    below(2) == 0 ? nil : make(&self)
  }

  /// Words that readers of YAML and JSON like to misunderstand.
  mutating func text() -> String {
    one(of: [
      "a", "no", "1.10", "0777", "~", "null", "", "\"q\"\\", "é\u{2028}\n\t", "# x", "- y: z",
    ])
  }

  mutating func amount() -> Int64 { one(of: [0, 1, -1, 1000, 1 << 40, .max, .min]) }

  mutating func time() -> Timestamp { Timestamp(seconds: Int64(below(2_000_000_000))) }

  mutating func nodeID() -> NodeID { NodeID(ClusterName("c\(below(3))"), "pool-\(below(99))") }

  mutating func replicaID() -> ReplicaID { ReplicaID(WorkloadName("w\(below(9))"), below(99)) }

  mutating func resources() -> Resources {
    Resources(
      cpuMilli: amount(), memoryBytes: amount(), storageBytes: amount(),
      networkBitsPerSecond: amount())
  }

  mutating func replicaResources() -> ReplicaResources {
    ReplicaResources(
      amounts: resources(),
      accelerator: maybe {
        AcceleratorRequest(
          models: $0.many { AcceleratorModel($0.text()) }, milliDevices: $0.amount(),
          memoryBytesMin: $0.amount())
      })
  }

  mutating func capacity() -> NodeCapacity {
    NodeCapacity(
      amounts: resources(),
      accelerators: maybe {
        Accelerators(
          model: AcceleratorModel($0.text()), count: $0.below(9), memoryBytes: $0.amount())
      })
  }

  mutating func labels() -> Labels { Labels(many { ($0.text(), $0.text()) }) }

  mutating func taints() -> [Taint] {
    many { Taint(key: $0.text(), value: $0.text(), effect: $0.one(of: Taint.Effect.allCases)) }
  }

  mutating func targetReplica() -> TargetReplica {
    TargetReplica(
      id: replicaID(), node: nodeID(), devices: many { $0.below(8) }, revision: Revision(text()),
      incarnation: below(9))
  }

  /// Some, no two of one name.
  mutating func unique<Value, Name: Hashable>(
    _ name: (Value) -> Name, _ make: (inout SomeValues) -> Value
  ) -> [Value] {
    Self.unique(many(make), name)
  }

  private static func unique<Value, Name: Hashable>(
    _ values: [Value], _ name: (Value) -> Name
  ) -> [Value] {
    var known: Set<Name> = []
    return values.filter { known.insert(name($0)).inserted }
  }

  mutating func target() -> Target {
    let replicas = [targetReplica()] + many { $0.targetReplica() }
    var known = Set(replicas.map(\.id))
    return Target(
      parent: maybe { TargetID(Digest(of: $0.text())) }, desired: Digest(of: text()),
      nodes: unique(\.id) {
        TargetNode(
          id: $0.nodeID(), pool: PoolName($0.text()), instanceType: $0.text(), zone: $0.text(),
          capacityType: $0.one(of: CapacityType.allCases),
          pricePerHour: Money(micros: $0.amount()), capacity: $0.capacity(), labels: $0.labels(),
          taints: $0.taints())
      }, replicas: Self.unique(replicas, \.id),
      surge: many { $0.targetReplica() }.filter { known.insert($0.id).inserted },
      finished: many {
        FinishedRun(workload: WorkloadName($0.text()), revision: Revision($0.text()))
      },
      nextNodeOrdinals: many { NodeOrdinal(pool: PoolName($0.text()), next: $0.below(99)) })
  }

  mutating func snapshot() -> Snapshot {
    Snapshot(
      at: time(), manifests: maybe { $0.text() },
      prices: many { ClusterPrices(cluster: ClusterName($0.text()), text: $0.text()) },
      observed: ObservedState(
        many { $0.observation() },
        unseen: many { UnseenCluster(ClusterName($0.text()), reason: $0.text()) }))
  }

  private mutating func observation() -> Observation {
    Observation(
      cluster: ClusterName("c\(below(99))"), at: time(), isComplete: below(2) == 0,
      nodes: many { $0.observedNode() }, replicas: many { $0.observedReplica() },
      occupants: many {
        Occupant(
          name: $0.text(), node: $0.nodeID(), resources: $0.replicaResources(),
          devices: $0.many { $0.below(8) })
      }, contenders: many { Contender(scheduler: $0.text(), count: $0.below(99)) })
  }

  private mutating func observedNode() -> ObservedNode {
    ObservedNode(
      id: nodeID(), pool: maybe { PoolName($0.text()) }, instanceType: text(), zone: text(),
      capacityType: one(of: CapacityType.allCases), labels: labels(), taints: taints(),
      capacity: capacity(), phase: one(of: ObservedNode.Phase.allCases),
      address: maybe { $0.text() }, reason: maybe { $0.text() }, createdAt: time(),
      emptySince: maybe { $0.time() })
  }

  private mutating func observedReplica() -> ObservedReplica {
    ObservedReplica(
      id: replicaID(), node: nodeID(), devices: many { $0.below(8) },
      resources: replicaResources(), revision: Revision(text()), incarnation: below(9),
      port: maybe { $0.below(65_536) }, phase: one(of: ObservedReplica.Phase.allCases),
      reason: maybe { $0.text() },
      startedAt: time(), restarts: below(99))
  }
}
