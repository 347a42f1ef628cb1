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
  public var objects: [ObjectID] { declarations.map(\.id) }

  /// The same with what each object has besides its spec.
  public var declarations: [(id: ObjectID, metadata: Metadata)] {
    func declared(_ kind: Kind, _ all: [Metadata]) -> [(id: ObjectID, metadata: Metadata)] {
      all.map { (ObjectID(kind, $0.name), $0) }
    }
    return declared(.cluster, clusters.map(\.metadata))
      + declared(.nodePool, nodePools.map(\.metadata)) + declared(.queue, queues.map(\.metadata))
      + declared(.workload, workloads.map(\.metadata)) + declared(.gate, gates.map(\.metadata))
  }

  /// The same with `held` as `before` has them: those that it lacks are not there.
  public func holding(_ held: Set<ObjectID>, as before: DesiredState) -> DesiredState {
    func merge<Spec>(
      _ kind: Kind, _ ours: [Spec], _ theirs: [Spec], _ metadata: KeyPath<Spec, Metadata>
    ) -> [Spec] {
      func isHeld(_ spec: Spec) -> Bool {
        held.contains(ObjectID(kind, spec[keyPath: metadata].name))
      }
      return ours.filter { !isHeld($0) } + theirs.filter(isHeld)
    }
    return DesiredState(
      clusters: merge(.cluster, clusters, before.clusters, \.metadata),
      nodePools: merge(.nodePool, nodePools, before.nodePools, \.metadata),
      queues: merge(.queue, queues, before.queues, \.metadata),
      workloads: merge(.workload, workloads, before.workloads, \.metadata),
      gates: merge(.gate, gates, before.gates, \.metadata))
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
