import Model

/// Puts the replicas that go and come into an order in which every service stays up, every start finds
/// room, and every gang starts as one.
///
/// It plays the steps through in a world that is as unkind as the facts allow: whatever may start does,
/// a ready replica of a service goes only where `Leeway` has a token for it, and a started one gets
/// ready only when nothing else can go on. A step's waits are the facts that it was taken on in play, as
/// far as they don't hold yet. Played again from any later observation, the rest comes out.
struct Turnover {
  let scene: Scene
  var actions: [Action] = []
  /// Services that fall below what they need, since nothing else would ever go on, and workloads that
  /// never find the room that they were given.
  private(set) var interrupted: Set<WorkloadName> = []

  var rooms: [NodeID: RoomOnTheWay] = [:]
  var leeways: [WorkloadName: Leeway] = [:]
  /// Ready replicas of services that have yet to go, in the order in which they should.
  var leaving: [Departure] = []
  /// What has yet to start, in the order in which it should.
  var arriving: [Arrival] = []
  /// What was started and is not ready yet, the oldest first.
  var rising: [WorkloadName: [Instance]] = [:]
  /// What keeps failing: it may never get ready.
  var failing: [WorkloadName: [Instance]] = [:]
  /// Stand-ins that were not told to stop yet.
  var standIns: [WorkloadName: [TargetReplica]] = [:]
  /// What was stopped, in play or before.
  var stopped: Set<Instance> = []
  /// Services of which something is exchanged: whatever else comes of them keeps to their leeway too.
  var exchanging: Set<WorkloadName> = []
  /// What moves to another node and goes when its own successor is ready.
  var moving: Set<ReplicaID> = []
  /// Of what is ready by now in play: the fact to wait for, or none where it is ready in the world.
  var readiness: [ReplicaID: [Wait]] = [:]
  /// Older starts that leave their room to their successors in the same place, with what those need
  /// beyond it.
  var exchanges: Set<Instance> = []

  /// A replica on a node.
  struct Instance: Hashable {
    var replica: ReplicaID
    var node: NodeID
  }

  /// A ready replica of a service that goes once it may.
  struct Departure {
    let replica: ObservedReplica
    /// What takes its place; nil where it is not wanted any more.
    let decision: TargetReplica?

    /// Whether it goes for another revision or a new start in its place, within the rollout's bounds,
    /// and not merely to another node.
    var isExchange: Bool {
      decision.map { $0.revision != replica.revision || $0.node == replica.node } ?? false
    }

    var isMove: Bool { decision != nil && !isExchange }
    var workload: WorkloadName { replica.id.workload }
    var instance: Instance { Instance(replica: replica.id, node: replica.node) }
  }

  /// One replica of a service, or all of a gang that are missing.
  struct Arrival {
    enum Kind { case plain, move, exchange, standIn }

    let members: [TargetReplica]
    let kind: Kind
    /// Whether room was set aside for it beside all that is there, where it did not stand before.
    var isReserved = false

    var workload: WorkloadName { members[0].id.workload }

    /// Whether it takes the place of what goes.
    var isOfExchange: Bool { kind == .move || kind == .exchange }
  }

  init(_ scene: Scene) {
    self.scene = scene
    open()
    play()
  }

  private mutating func play() {
    while startAll() || stopAll() || endStandIns() || riseAll() || letGo() || riseFailing()
      || interrupt()
    {}
    // Room that never comes is for the provider to refuse, and for the next plan to find.
    for arrival in arriving {
      interrupted.insert(arrival.workload)
      let nodes = arrival.members.map(\.node).uniqued()
      take(arrival, waits: nodes.flatMap { rooms[$0]?.allThatGoes ?? [] })
    }
  }

  /// Ready replicas that are not wanted go at last, even where others keep failing.
  private mutating func letGo() -> Bool {
    let unwanted = leaving.filter { $0.decision == nil }
    guard !unwanted.isEmpty else { return false }
    leaving.removeAll { $0.decision == nil }
    for departure in unwanted { stop(departure, waits: []) }
    return true
  }

  /// Nothing can go on: whoever is in the way of the highest claim goes, ready or not.
  private mutating func interrupt() -> Bool {
    let claims = arriving.sorted {
      (scene.workloads[$0.workload]?.priority ?? 0) > (scene.workloads[$1.workload]?.priority ?? 0)
    }
    var inTheWay: Int?
    for member in claims.lazy.flatMap(\.members) where inTheWay == nil {
      inTheWay = leaving.firstIndex { $0.replica.node == member.node }
    }
    guard let index = inTheWay ?? leaving.indices.first else { return false }
    let departure = leaving.remove(at: index)
    interrupted.insert(departure.workload)
    stop(departure, waits: [])
    return true
  }
}
