import Diagnostics
public import Model
public import Planning

/// Whether everything is at its setpoint, and if not, what is missing: the short view.
public struct StatusView: Sendable {
  /// The stable words stand in JSON.
  public enum Verdict: String, CaseIterable, Sendable {
    case nothingApplied
    /// All that was decided is there and ready, and planning again finds nothing to do.
    case settled
    case unsettled
    /// There is something to do, and a gate refuses it.
    case held
    /// A cluster can't be seen wholly.
    case unknown
  }

  let input: PlanningInput
  let plan: Plan
  let revision: RevisionRecord?
  let openIntents: [JournalEntry]
  let paused: [PausedObject]
  /// What was last said of a source and of drift, where it still holds.
  let conditions: [Event]
  /// What was begun and is not over.
  let underWay: [Transition]

  /// `plan` is what planning the stored wishes again, on `input`, comes to; `revision` is the newest.
  public init(
    _ input: PlanningInput, _ plan: Plan, revision: RevisionRecord?, openIntents: [JournalEntry],
    paused: [PausedObject] = [], events: [Event] = []
  ) {
    self.input = input
    self.plan = plan
    self.revision = revision
    self.openIntents = openIntents
    self.paused = paused
    conditions = Self.conditions(of: events)
    let nodes = Dictionary(input.observed.nodes.map { ($0.id, $0) }) { first, _ in first }
    let replicas = Dictionary(grouping: input.observed.replicas, by: \.id)
    underWay =
      input.previous?.transitions(
        in: input.observed, node: { nodes[$0] },
        replica: { id, node in replicas[id]?.first { $0.node == node } }) ?? []
  }

  public var verdict: Verdict {
    guard revision != nil else { return .nothingApplied }
    if input.desired.clusters.contains(where: { input.observed[$0.name]?.isComplete != true }) {
      return .unknown
    }
    if !plan.isEmpty, !plan.brokenGates.isEmpty { return .held }
    return plan.isEmpty && underWay.isEmpty && openIntents.isEmpty ? .settled : .unsettled
  }

  public func text(in style: Style = Style()) -> String {
    guard let revision else { return "Nothing was applied yet.\n" }
    let sections = [
      [style.heading("Revision \(revision.number)") + ", adopted \(revision.at)"]
        + paragraph(revision.summary, indent: 2, in: style),
      clusters.isEmpty ? [] : clusters.lines(in: style, indent: 0),
      section("To do", toDo(in: style), style),
      section("Not ready", lines(of: notReady, in: style), style),
      section("Leaving", lines(of: leaving, in: style), style),
      section("Outcome unknown", openIntents.map { "  \($0.action)" }, style),
      section(
        "Conditions", conditions.flatMap { paragraph(Self.told($0), indent: 2, in: style) }, style),
      section("Paused", paused.flatMap { paragraph(Self.told($0), indent: 2, in: style) }, style),
      section("Pending", PendingView(pending: plan.pending, style: style).lines, style),
      section(
        "Notes", Reports.texts(plan.report).flatMap { paragraph($0, indent: 2, in: style) }, style),
      section(
        "Gates", plan.isEmpty ? [] : GatesView(gates: plan.brokenGates, style: style).lines, style),
      [style.heading(lastLine)],
    ].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String], _ style: Style) -> [String] {
    lines.isEmpty ? [] : [style.heading(title)] + lines
  }

  /// Of each kind the newest, where nothing that came later ended it; `events` are in order.
  private static func conditions(of events: [Event]) -> [Event] {
    func last(_ reasons: String...) -> Event? { events.last { reasons.contains($0.reason) } }
    let held = last("Held", "Adopted")
    let drift = last("Drifted", "Adopted", "Converged")
    let endpoints = last("EndpointsNotPublished", "EndpointsPublished")
    return [last("SourceTaken", "SourceNotTaken")].compactMap(\.self)
      + [held, drift, endpoints].compactMap(\.self)
      .filter { ["Held", "Drifted", "EndpointsNotPublished"].contains($0.reason) }
  }

  private static func told(_ event: Event) -> String {
    "\(event.reason) since \(event.at), \(Visible.line(event.subject)): \(Visible.line(event.message))"
  }

  private static func told(_ paused: PausedObject) -> String {
    "\(paused.object) since \(paused.since)"
      + (paused.reason.isEmpty ? "" : ": \(Visible.line(paused.reason))")
  }

  /// What was decided beside what was seen of it, for each cluster.
  var clusters: Listing {
    var listing = Listing(
      "clusters",
      [
        .init("cluster"), .init("nodes", isNumber: true), .init("ready", isNumber: true),
        .init("replicas", isNumber: true), .init("running", isNumber: true), .init("seen"),
      ])
    for cluster in input.desired.clusters.map(\.name) {
      let seen = input.observed[cluster]
      let nodes = Set((input.previous?.nodes ?? []).map(\.id).filter { $0.cluster == cluster })
      let replicas = (input.previous?.replicas ?? []).filter { $0.node.cluster == cluster }
      let wanted = Set(replicas.map(\.id))
      let running = (seen?.replicas ?? []).filter { $0.phase == .ready && wanted.contains($0.id) }
      listing.add(
        .text(cluster.text), .number(nodes.count),
        .number((seen?.nodes ?? []).count { $0.phase == .ready && nodes.contains($0.id) }),
        .number(replicas.count), .number(Set(running.map(\.id)).count),
        .text(seen.map { $0.isComplete ? "completely" : "in part" } ?? "not at all"))
    }
    return listing
  }

  /// Steps that change neither where replicas are nor which nodes there are are told by their names.
  private func toDo(in style: Style) -> [String] {
    let lines =
      NodesView(nodes: plan.nodes, style: style).lines
      + PlacementsView(placements: plan.placements, style: style).lines
    return lines.isEmpty ? plan.actions.map { "  \($0.id)" } : lines
  }

  /// Nodes that boot and replicas that start or keep failing.
  var notReady: [Transition] { underWay.filter { !$0.isLeaving } }

  /// Nodes that are being deleted and replicas that stop.
  var leaving: [Transition] { underWay.filter(\.isLeaving) }

  private func lines(of transitions: [Transition], in style: Style) -> [String] {
    let nodes = transitions.compactMap(\.node)
    let replicas = transitions.compactMap(\.replica)
    let runs = folded(replicas, by: \.workload).map { group in
      "\(group[0].workload) (\(numberRuns(group.map(\.ordinal))))"
    }
    return (nodes.isEmpty ? [] : paragraph("nodes \(NodeRuns(nodes).text())", indent: 2, in: style))
      + (runs.isEmpty
        ? [] : paragraph("replicas of \(runs.joined(separator: ", "))", indent: 2, in: style))
  }

  private var lastLine: String {
    let numbers =
      " · \(plan.pending.ordinalCount) pending · \(plan.cost.beforePerHour.perHourText)"
    switch verdict {
    case .nothingApplied: return "Nothing was applied yet."
    case .settled: return "Settled: nothing is to be done" + numbers
    case .unsettled:
      let parts = [
        (plan.actions.count, "to do"), (notReady.count, "not ready"),
        (leaving.count, "leaving"), (openIntents.count, "of unknown outcome"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return "Not settled: " + parts.joined(separator: ", ") + numbers
    case .held: return "Not settled: \(plan.actions.count) to do, and a gate refuses it" + numbers
    case .unknown: return "Unknown: not every cluster can be seen completely" + numbers
    }
  }
}

extension Transition {
  fileprivate var node: NodeID? {
    switch self {
    case .booting(let node), .deleting(let node): node
    case .starting, .stopping: nil
    }
  }

  fileprivate var replica: ReplicaID? {
    switch self {
    case .booting, .deleting: nil
    case .starting(let replica, _), .stopping(let replica, _): replica
    }
  }
}
