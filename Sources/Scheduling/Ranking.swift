public import Model

/// Where one replica could stand while everything else stays where it is.
public struct Ranking: Hashable, Sendable {
  /// Nodes with room for it, the best first: for one that has just come the node where it stands apart
  /// from its service, then by score.
  public var places: [RankedNode]
  /// How many nodes each rule excludes; sorted by reason, none zero. A node is counted once, under the
  /// first rule that it breaks.
  public var excluded: [ReasonCount]

  public init(places: [RankedNode] = [], excluded: [ReasonCount] = []) {
    self.places = places
    self.excluded = excluded
  }
}

/// A node with room for a replica, and what placing it there would spoil.
public struct RankedNode: Hashable, Sendable {
  public var node: NodeID
  public var terms: ScoreTerms

  public init(node: NodeID, terms: ScoreTerms) {
    self.node = node
    self.terms = terms
  }
}

/// What a placement is chosen by: the lowest score is taken, among equals the first name. Replicas of a
/// service then stand apart where that packs as well.
public struct ScoreTerms: Hashable, Sendable {
  /// All together, as nodes are compared.
  public var score: Int64
  /// Thousandths of devices that would lack cores for their users then, and don't now; less than
  /// nothing where it sets devices free from that.
  public var strandedMilliDevices: Int64
  /// Whether a device is used up by it.
  public var usesUpDevice: Bool
  /// Whether it would take room beside devices without needing one.
  public var sparesDevices: Bool
  /// What stays free of the scarcer of cores and memory, in thousandths of the node; nil where devices
  /// decide.
  public var freePerMille: Int?
  /// Other replicas of its workload that stand there.
  public var siblings: Int

  public init(
    score: Int64, strandedMilliDevices: Int64 = 0, usesUpDevice: Bool = false,
    sparesDevices: Bool = false, freePerMille: Int? = nil, siblings: Int = 0
  ) {
    self.score = score
    self.strandedMilliDevices = strandedMilliDevices
    self.usesUpDevice = usesUpDevice
    self.sparesDevices = sparesDevices
    self.freePerMille = freePerMille
    self.siblings = siblings
  }
}

extension Scheduler {
  /// Where the replica could stand; nil where the input wants none of that name. Where it stands
  /// already, its own room counts as free.
  public static func rank(_ input: SchedulingInput, _ replica: ReplicaID) -> Ranking? {
    var question = input
    for index in question.demands.indices
    where question.demands[index].workload == replica.workload {
      question.demands[index].running.removeAll { $0.ordinal == replica.ordinal }
    }
    var standing = Standing(Problem(question))
    let wants = standing.problem.wants
    let number = wants.lazy.filter { $0.workload == replica.workload }
      .map { $0.firstReplica - $0.firstOrdinal + replica.ordinal }.first
    guard let number, replica.ordinal >= 0,
      let want = wants.firstIndex(where: {
        $0.workload == replica.workload && $0.replicas.contains(number)
      })
    else { return nil }
    return standing.ranking(want, of: number)
  }
}

extension Standing {
  /// Takes a place for the replica, which stands nowhere.
  fileprivate mutating func ranking(_ want: Int, of replica: Int) -> Ranking {
    let asked = replicaClass(of: want)
    let (scoring, needs) = (Scoring(asked), Needs(asked))
    let domains = problem.wants[want].spread == nil ? nil : SpreadDomains(self, want)
    let present = presentArea(want)?.area
    var excluded = Array(repeating: 0, count: PendingReason.allCases.count + 1)
    var places: [(node: Int, terms: ScoreTerms)] = []
    for node in problem.nodes.indices {
      if let reason = exclusion(want, needs, node: node, domains, present) {
        excluded[Int(reason.code)] += 1
      } else {
        var terms = scoring.terms(fleet, node)
        terms.siblings = count(of: want, on: node)
        places.append((node, terms))
      }
    }
    places.sort { ($0.terms.score, $0.node) < ($1.terms.score, $1.node) }
    if let best = places.first?.node {
      place(replica, on: best)
      disperse()
      let chosen = Int(home[replica])
      places = places.filter { $0.node == chosen } + places.filter { $0.node != chosen }
    }
    return Ranking(
      places: places.map { RankedNode(node: problem.nodes[$0.node].id, terms: $0.terms) },
      excluded: PendingReason.allCases.compactMap { reason in
        let count = excluded[Int(reason.code)]
        return count == 0 ? nil : ReasonCount(reason, nodes: count, offers: 0)
      })
  }

  private func exclusion(
    _ want: Int, _ needs: Needs, node: Int, _ domains: SpreadDomains?, _ present: Area?
  ) -> PendingReason? {
    let wanted = problem.wants[want]
    if let refusal = problem.permit(wanted.classID, Int(fleet.kind[node])) { return refusal }
    if let shortage = shortage(needs, on: node) { return shortage }
    if let domains, !domains.allows(domains.domain(of: node, self)) { return .spread }
    if let refusal = refusal(want, at: fleet.spots[node], node: node) { return refusal }
    if let present, fleet.spots[node].area(present.level, node: node) != present.id {
      return wanted.pack == nil ? .gang : .pack
    }
    let charge = replicaClass(of: want).charge
    guard charge > 0 else { return nil }
    let (milli, bound) = headroom(queue: wanted.queue, model: Int(fleet.model[node]))
    return milli < charge ? bound : nil
  }
}
