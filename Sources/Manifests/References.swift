public import Catalog
public import Diagnostics
public import Model

/// Specs each right on its own → a desired state whose names all mean something.
public enum References {
  /// Resolves `manifests` among themselves and against `stored`, the desired state of all sets as it is
  /// now, of which the sets of `manifests` are replaced.
  ///
  /// `catalog` gives what a cluster may buy from. The result holds the objects of `manifests` only;
  /// where there is any error it is not to be used, as what it lacks is unknown and not absent. An
  /// empty desired state is always an error.
  public static func resolve(
    _ manifests: ManifestSet, beside stored: DesiredState = .empty,
    catalog: (ClusterSpec) -> Catalog = { _ in .builtIn }
  ) -> Diagnosed<DesiredState> {
    var resolver = Resolver(manifests, beside: stored)
    if manifests.manifests.isEmpty {
      return Diagnosed(.empty, manifests.isComplete ? [.emptySet] : [])
    }
    resolver.checkDuplicates()
    resolver.checkOwners()
    for manifest in resolver.given {
      switch manifest.spec {
      case .cluster(let cluster): resolver.check(cluster, manifest.origin, catalog(cluster))
      case .nodePool(let pool): resolver.check(pool, manifest.origin, catalog)
      case .queue(let queue): resolver.check(queue, manifest.origin)
      case .workload(let workload): resolver.check(workload, manifest.origin)
      case .gate(let gate): resolver.check(gate, manifest.origin)
      }
    }
    resolver.checkQueueTree()
    resolver.checkOtherSets()
    return Diagnosed(resolver.desired, Diagnostic.ordered(resolver.diagnostics))
  }
}

/// One resolution, as far as it has got.
struct Resolver {
  /// The first of each kind and name, sorted by both.
  let given: [Manifest]
  let repeated: [(again: Manifest, first: Manifest)]
  let desired: DesiredState
  let stored: DesiredState
  /// What will hold: the given objects, and the stored ones of other sets.
  let clusters: [ClusterName: ClusterSpec]
  let pools: [NodePoolSpec]
  let queues: [QueueName: QueueSpec]
  let workloads: [WorkloadSpec]
  /// Objects that were declared with some mistake: they exist, and nothing more is known of them.
  let undecoded: Set<ObjectID>
  /// Whether there may be objects that not even the names are known of.
  let hasUnknownNames: Bool
  let sets: Set<SetName>
  private(set) var diagnostics: [Diagnostic] = []

  init(_ manifests: ManifestSet, beside stored: DesiredState) {
    let all = manifests.manifests
    var first: [ObjectID: Int] = [:]
    var repeated: [(Manifest, Manifest)] = []
    for (index, manifest) in all.enumerated() {
      let id = manifest.spec.id
      if let earlier = first[id] {
        repeated.append((manifest, all[earlier]))
      } else {
        first[id] = index
      }
    }
    // The names are sorted and not the manifests, which are large.
    given = first.sorted { $0.key < $1.key }.map { all[$0.value] }
    self.repeated = repeated
    desired = DesiredState(given.map(\.spec))
    self.stored = stored
    sets = Set(manifests.sets)
    let whole = stored.replacing(sets: sets, with: desired)
    clusters = Dictionary(whole.clusters.map { ($0.name, $0) }) { $1 }
    pools = whole.nodePools
    queues = Dictionary(whole.queues.map { ($0.name, $0) }) { $1 }
    workloads = whole.workloads
    undecoded = Set(manifests.undecoded)
    hasUnknownNames = manifests.hasUnknownNames
  }

  mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Whether an object of this name is, or may be, declared.
  func mayExist(_ kind: Kind, _ name: String) -> Bool {
    hasUnknownNames || undecoded.contains(ObjectID(kind, name))
  }

  mutating func checkDuplicates() {
    for (again, first) in repeated { report(.duplicateObject(again, first: first)) }
  }

  /// An object belongs to one set; taking it over must be said where it belongs now.
  mutating func checkOwners() {
    let owners = Dictionary(stored.owners) { first, _ in first }
    for manifest in given {
      let set = manifest.spec.metadata.set
      guard let owner = owners[manifest.spec.id], owner != set, !sets.contains(owner) else {
        continue
      }
      report(.otherSet(manifest, owner: owner))
    }
  }
}

extension DesiredState {
  /// The state that these objects are; their names are unique per kind.
  public init(_ specs: [AnySpec]) {
    var state = (
      clusters: [ClusterSpec](), pools: [NodePoolSpec](), queues: [QueueSpec](),
      workloads: [WorkloadSpec](), gates: [GateSpec]()
    )
    for spec in specs {
      switch spec {
      case .cluster(let spec): state.clusters.append(spec)
      case .nodePool(let spec): state.pools.append(spec)
      case .queue(let spec): state.queues.append(spec)
      case .workload(let spec): state.workloads.append(spec)
      case .gate(let spec): state.gates.append(spec)
      }
    }
    self.init(
      clusters: state.clusters, nodePools: state.pools, queues: state.queues,
      workloads: state.workloads, gates: state.gates)
  }

  /// Every object with its set.
  fileprivate var owners: [(ObjectID, SetName)] {
    clusters.map { ($0.id, $0.metadata.set) } + nodePools.map { ($0.id, $0.metadata.set) }
      + queues.map { ($0.id, $0.metadata.set) } + workloads.map { ($0.id, $0.metadata.set) }
      + gates.map { ($0.id, $0.metadata.set) }
  }
}
