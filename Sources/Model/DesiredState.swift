/// All specs together, cross-checked: references resolve and names are unique per kind.
///
/// Every list is sorted by name.
public struct DesiredState: Hashable, Sendable {
  public var clusters: [ClusterSpec]
  public var nodePools: [NodePoolSpec]
  public var queues: [QueueSpec]
  public var workloads: [WorkloadSpec]
  public var gates: [GateSpec]

  public static let empty = DesiredState()

  public init(
    clusters: [ClusterSpec] = [], nodePools: [NodePoolSpec] = [], queues: [QueueSpec] = [],
    workloads: [WorkloadSpec] = [], gates: [GateSpec] = []
  ) {
    self.clusters = clusters.sorted { $0.name < $1.name }
    self.nodePools = nodePools.sorted { $0.name < $1.name }
    self.queues = queues.sorted { $0.name < $1.name }
    self.workloads = workloads.sorted { $0.name < $1.name }
    self.gates = gates.sorted { $0.name < $1.name }
  }

  public var isEmpty: Bool { objects.isEmpty }

  /// Every object, kinds in their order, names sorted within.
  public var objects: [ObjectID] {
    clusters.map { ObjectID(.cluster, $0.metadata.name) }
      + nodePools.map { ObjectID(.nodePool, $0.metadata.name) }
      + queues.map { ObjectID(.queue, $0.metadata.name) }
      + workloads.map { ObjectID(.workload, $0.metadata.name) }
      + gates.map { ObjectID(.gate, $0.metadata.name) }
  }

  /// What holds when `given`, the whole of `sets`, is applied over this state: objects of other sets
  /// stay, objects of `sets` that `given` lacks are gone.
  public func replacing(sets: Set<SetName>, with given: DesiredState) -> DesiredState {
    func merge<Spec>(_ ours: [Spec], _ theirs: [Spec], _ metadata: KeyPath<Spec, Metadata>)
      -> [Spec]
    {
      ours.filter { !sets.contains($0[keyPath: metadata].set) } + theirs
    }
    return DesiredState(
      clusters: merge(clusters, given.clusters, \.metadata),
      nodePools: merge(nodePools, given.nodePools, \.metadata),
      queues: merge(queues, given.queues, \.metadata),
      workloads: merge(workloads, given.workloads, \.metadata),
      gates: merge(gates, given.gates, \.metadata))
  }
}
