public import Model

/// All that is known of one declared object: what is wanted, what stands, what happened.
public struct Description: Sendable {
  let object: ObjectID
  let manifest: String
  let status: Status
  let events: [Event]

  /// `manifest` is the object's canonical text; `events` are those of its own.
  public init(_ object: ObjectID, manifest: String, status: Status, events: [Event]) {
    self.object = object
    self.manifest = manifest
    self.status = status
    self.events = events
  }

  public func text(in style: Style = Style()) -> String {
    var sections = [
      [style.heading("\(object)")]
        + manifest.split(separator: "\n").map { "  \($0)" }
    ]
    for (title, listing) in listings where !listing.isEmpty {
      sections.append([style.heading(title)] + listing.lines(in: style, indent: 2))
    }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var listings: [(String, Listing)] {
    let own: [(String, Listing)] =
      switch object.kind {
      case .cluster: [("Nodes", status.nodes { $0.id.cluster.text == object.name })]
      case .nodePool: [("Nodes", status.nodes { $0.pool?.text == object.name })]
      case .workload: [("Replicas", status.replicas { $0.workload.text == object.name })]
      case .queue:
        [("Replicas", status.replicas { members.contains($0.workload) })]
      case .gate: []
      }
    return own + [("Events", Chronicle.events(events))]
  }

  private var members: [WorkloadName] {
    status.desired.workloads.filter { $0.queue?.text == object.name }.map(\.name)
  }
}
