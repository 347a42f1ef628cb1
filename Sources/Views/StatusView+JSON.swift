import Digests
import Documents
import JSON
import Model
import Planning

extension StatusView {
  /// The same facts for programs: a plan's parts as plan documents hold them. Members are added in later
  /// versions and none changes its meaning.
  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "status")
      writer.member("at", input.now.description)
      writer.member("verdict", verdict.rawValue)
      if let revision {
        writer.member("revision") { $0.object { Self.write(revision, to: &$0) } }
      }
      writer.member("clusters") { self.clusters.writeItems(to: &$0) }
      writer.member("toDo") { $0.object { toDo.write(to: &$0) } }
      writer.member("actions", plan.actions.map { "\($0.id)" })
      writer.member("notReady", notReady.map(Self.name))
      writer.member("leaving", leaving.map(Self.name))
      writer.member("outcomeUnknown", openIntents.map { "\($0.action)" })
      writer.member("conditions", objects: conditions) { writer, event in
        writer.member("reason", event.reason)
        writer.member("since", "\(event.at)")
        writer.member("subject", event.subject)
        writer.member("message", event.message)
      }
      writer.member("paused", objects: paused) { writer, paused in
        writer.member("object", "\(paused.object)")
        writer.member("since", "\(paused.since)")
        writer.member("reason", paused.reason)
      }
      writer.member("notes", plan.report.map(Reports.text))
      writer.member("brokenGates", objects: plan.brokenGates) { $1.write(to: &$0) }
      writer.member("costPerHourMicros", plan.cost.beforePerHour.micros)
    }
  }

  private static func write(_ revision: RevisionRecord, to writer: inout JSONWriter) {
    writer.member("number", revision.number)
    writer.member("at", revision.at.description)
    writer.member("plan", revision.plan.digest.hex)
    writer.member("summary", revision.summary)
  }

  private var toDo: PlanComparison.Effects {
    var effects = PlanComparison.Effects()
    effects.nodes = plan.nodes
    effects.placements = plan.placements
    effects.pending = plan.pending
    return effects
  }

  private static func name(_ transition: Transition) -> String {
    switch transition {
    case .booting(let node), .deleting(let node): "\(node)"
    case .starting(let replica, _), .stopping(let replica, _): "\(replica)"
    }
  }
}
