public import Model
public import Planning

/// What a look at the state itself found: each thing that was checked, and what came of it.
public struct Checkup: Hashable, Sendable {
  /// How bad it is.
  public enum Grade: String, CaseIterable, Hashable, Sendable {
    case good
    /// Worth knowing; it settles by itself, or with the next command.
    case note
    /// Somebody has to do something.
    case bad
  }

  public private(set) var findings: [Finding] = []

  public struct Finding: Hashable, Sendable {
    /// What was checked, in a word that stays: `integrity`.
    public var check: String
    public var grade: Grade
    public var detail: String
  }

  public init() {}

  public mutating func add(_ check: String, _ grade: Grade, _ detail: String) {
    findings.append(Finding(check: check, grade: grade, detail: detail))
  }

  public var isBad: Bool { findings.contains { $0.grade == .bad } }

  public var listing: Listing {
    var listing = Listing("findings", [.init("check"), .init("grade"), .init("detail")])
    for finding in findings {
      listing.add(.text(finding.check), .text(finding.grade.rawValue), .text(finding.detail))
    }
    return listing
  }

  /// Compares what is decided with what is there, without planning: what carries our tag and is in no
  /// target, and what a target wants and nobody sees.
  public mutating func compare(_ target: Target?, with observed: ObservedState) {
    for cluster in observed.unseen {
      add("clusters", .bad, "'\(cluster.cluster)' does not answer: \(cluster.reason)")
    }
    for seen in observed.observations where !seen.isComplete {
      add("clusters", .note, "of '\(seen.cluster)' only a part was seen")
    }
    let wantedNodes = Set((target?.nodes ?? []).map(\.id))
    let ours = observed.nodes.filter { $0.pool != nil }
    let strays = ours.filter { !wantedNodes.contains($0.id) && $0.phase != .deleting }
    for node in strays {
      add(
        "orphans", target == nil ? .note : .bad,
        "node \(node.id) (\(node.instanceType)) carries our tag, and no decision wants it"
          + (node.phase == .draining ? "; it is on its way out" : ""))
    }
    let wanted = Set((target.map { $0.replicas + $0.surge } ?? []).map(\.id))
    for replica in observed.replicas where replica.holdsResources && !wanted.contains(replica.id) {
      guard replica.phase != .stopping else { continue }
      add(
        "orphans", target == nil ? .note : .bad,
        "replica \(replica.id) runs on \(replica.node), and no decision wants it")
    }
    compareMissing(target, observed)
    if !findings.contains(where: { $0.check == "orphans" }) {
      add("orphans", .good, "nothing of ours is there that no decision wants")
    }
  }

  private mutating func compareMissing(_ target: Target?, _ observed: ObservedState) {
    let whole = Set(observed.observations.filter(\.isComplete).map(\.cluster))
    let there = Set(observed.nodes.map(\.id))
    let running = Set(observed.replicas.filter(\.holdsResources).map(\.id))
    for node in target?.nodes ?? [] where whole.contains(node.id.cluster) {
      guard !there.contains(node.id) else { continue }
      add("missing", .note, "node \(node.id) is decided and not there")
    }
    for replica in target?.replicas ?? [] where whole.contains(replica.node.cluster) {
      guard !running.contains(replica.id) else { continue }
      add("missing", .note, "replica \(replica.id) is decided and does not run")
    }
  }
}
