import Model
import Scheduling

/// What one workload should have, and what it has of it.
struct Want {
  /// A place that was decided for a replica and still stands.
  struct Home: Hashable {
    var node: NodeID
    var devices: [Int]
    var revision: Revision
    var incarnation: Int
  }

  /// A gang as it was started, whole and ready.
  struct FormerShape {
    var resources: ReplicaResources
    var homes: [Int: Home]
  }

  let workload: WorkloadSpec
  let count: Int
  let revision: Revision
  /// By ordinal.
  var homes: [Int: Home] = [:]
  /// Why a replica needs a place or a new start, by ordinal.
  var causes: [Int: Cause] = [:]
  /// Ordinals that start anew where they stand.
  var restarts: Set<Int> = []
  /// Whether some replica still runs an older revision and is exchanged while the service stays up.
  var isExchanging = false
  /// Replicas that stand in until every exchanged one is ready, by ordinal from `count`.
  var standIns: [Int: Home] = [:]
  /// Older replicas that lost their home since it does not suit the workload any more: they keep their
  /// room until their successors are ready elsewhere.
  var predecessors: [ObservedReplica] = []
  /// Where those stay, as they are, when their successors find no room.
  var fallbacks: [Int: Home] = [:]
  /// What a gang runs as, and stays while its new shape finds no room.
  var formerShape: FormerShape?
  /// What runs on where it can be seen, while its place was decided where nothing can be done now.
  var waiting: [ObservedReplica] = []
  /// Of a cluster that was not seen: all stays as it was decided.
  var isFrozen = false

  init(_ workload: WorkloadSpec, count: Int) {
    self.workload = workload
    self.count = count
    revision = workload.revision
  }

  /// Replicas that may be missing while others are exchanged.
  var unavailableMax: Int { workload.rollout.maxUnavailable.of(count) }

  /// Replicas to add while others are exchanged: only where none may be missing.
  var surge: Int {
    guard isExchanging, unavailableMax == 0 else {
      return standIns.keys.max().map { $0 - count + 1 } ?? 0
    }
    return workload.rollout.surge(of: count)
  }

  /// Whether it needs room on the way that it gives back.
  var isInTransit: Bool {
    !isFrozen
      && (surge > 0 || !predecessors.isEmpty || !fallbacks.isEmpty || formerShape != nil)
  }

  /// What a gang asks for while it stays as it is: what it has, where it has it. So it holds on to that
  /// by its priority, as any other, and no rule asks it to move.
  var asBefore: Want? {
    guard let formerShape else { return nil }
    var before = workload
    before.resources = formerShape.resources
    before.replicas = .range(CountRange(formerShape.homes.count))
    before.step = nil
    before.clusters = []
    before.placement = PlacementRules()
    var want = Want(before, count: formerShape.homes.count)
    want.homes = formerShape.homes
    return want
  }

  /// The same once all is where `places` says, and nothing is on the way any more.
  func settled(_ places: [Int: Home]) -> Want {
    var settled = self
    settled.homes = places
    settled.isExchanging = false
    settled.standIns = [:]
    settled.predecessors = []
    settled.fallbacks = [:]
    settled.formerShape = nil
    return settled
  }

  /// Takes over where replicas stand by now, while those that stay where they were stay as they are.
  mutating func keep(_ places: [Int: Home]) {
    let old = homes
    homes = places.reduce(into: [:]) { homes, place in
      let (ordinal, home) = place
      let isKept = old[ordinal]?.node == home.node && old[ordinal]?.devices == home.devices
      homes[ordinal] = isKept ? old[ordinal] : home
    }
  }

  /// What replicas of older revisions take beyond what the workload asks for now, node by node: more
  /// only of amounts, since those that need other devices lost their homes.
  func excess(_ standing: Standing) -> [(node: NodeID, resources: ReplicaResources)] {
    homes.keys.sorted().compactMap { ordinal in
      guard let home = homes[ordinal], home.revision != revision,
        let seen = standing.live(ReplicaID(workload.name, ordinal))
          .first(where: { $0.node == home.node })
      else { return nil }
      let amounts = seen.resources.amounts - workload.resources.amounts
      return (home.node, ReplicaResources(amounts: amounts))
    }
  }

  /// Asks for the replicas of these ordinals; the demand counts them through from 0.
  func demand(_ ordinals: [Int], _ standing: Standing, at now: Timestamp) -> ReplicaDemand {
    ReplicaDemand(
      workload: workload.name, labels: workload.metadata.labels, count: ordinals.count,
      isGang: workload.isGang, elastic: sizes, priority: workload.priority, queue: workload.queue,
      clusters: workload.clusters,
      resources: workload.resources, rules: workload.placement,
      running: ordinals.enumerated().compactMap { index, ordinal in
        (homes[ordinal] ?? standIns[ordinal]).map {
          RunningReplica(
            ordinal: index, node: $0.node, devices: $0.devices,
            lossMilliDeviceSeconds: loss(
              of: ReplicaID(workload.name, ordinal), $0, standing, at: now))
        }
      })
  }

  private var sizes: ElasticSizes? {
    guard let range = workload.elasticRange, let step = workload.step else { return nil }
    return ElasticSizes(min: range.min, step: step)
  }

  /// Work that stopping a replica now would lose: all since its last checkpoint, or since its start
  /// where it saves none. A service loses none.
  func loss(
    of replica: ReplicaID, _ home: Home, _ standing: Standing, at now: Timestamp
  ) -> Int64 {
    unsaved(of: replica, home, standing, at: now)
      .multipliedSaturated(by: workload.resources.accelerator?.milliDevices ?? 0)
  }

  /// The same in seconds.
  func unsaved(
    of replica: ReplicaID, _ home: Home, _ standing: Standing, at now: Timestamp
  ) -> Int64 {
    guard workload.isGang,
      let seen = standing.replicas[replica]?.first(where: {
        $0.node == home.node && $0.phase == .ready
      })
    else { return 0 }
    let age = max(0, (now - seen.startedAt).count)
    let every = workload.checkpointEvery?.count ?? 0
    return every > 0 ? age % every : age
  }
}
