import Digests
import Model
import Planning
import Testing

/// What the id of a target stands for.
@Suite struct TargetTests {
  static let node = TargetNode(
    id: NodeID(ClusterName("c"), "cpu-1"), pool: PoolName("cpu"), instanceType: "cpu16", zone: "a",
    capacityType: .onDemand, pricePerHour: Money(micros: 7),
    capacity: NodeCapacity(amounts: Resources(cpuMilli: 16_000)), labels: Labels([("tier", "a")]),
    taints: [Taint(key: "own")])

  private func id(
    _ edition: Target.Edition, _ change: (inout TargetNode) -> Void = { _ in }
  ) -> TargetID {
    var node = Self.node
    change(&node)
    return Target(
      parent: nil, desired: Digest(of: "d"), nodes: [node], replicas: [], nextNodeOrdinals: [],
      edition: edition
    ).id
  }

  @Test func noFactOfANodeIsLeftOut() {
    let ids = [
      id(.second), id(.second) { $0.capacity.amounts.cpuMilli += 1 },
      id(.second) { $0.capacity.amounts.memoryBytes += 1 },
      id(.second) { $0.labels = Labels([("tier", "b")]) },
      id(.second) { $0.labels = Labels([("tier", "a"), ("rack", "b")]) },
      id(.second) { $0.taints = [] }, id(.second) { $0.taints[0].effect = .noExecute },
      id(.second) { $0.pricePerHour = .zero },
      id(.second) {
        $0.capacity.accelerators = Accelerators(
          model: AcceleratorModel("H100"), count: 1, memoryBytes: 80 << 30)
      },
    ]
    #expect(Set(ids).count == ids.count)
  }

  /// Those of before keep the id that they were adopted by.
  @Test func theFirstEditionSaysAsMuchAsItDid() {
    #expect(id(.first) == id(.first) { $0.labels = .none })
    #expect(id(.first) != id(.second))
  }
}
