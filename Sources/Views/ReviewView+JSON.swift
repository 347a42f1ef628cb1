import Documents
import JSON
import Model
import Planning
import Scheduling

extension ReviewView {
  /// The same facts for programs: a plan's parts as plan documents hold them, with the words that
  /// people read beside them. Members are added in later versions and none changes its meaning.
  public var json: String {
    let comparison = review.comparison
    return JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "review")
      writer.member("base") { $0.object { review.base.write(to: &$0) } }
      writer.member("head") { $0.object { review.head.write(to: &$0) } }
      writer.member("paths", review.paths)
      writer.member("observedAt", review.at.description)
      writer.member("isEmpty", comparison.isEmpty)
      writer.member("summary", PlanSummary(comparison).line)
      writer.member("changes", objects: comparison.changes) { $1.write(to: &$0, review.places) }
      writer.member("brought") { $0.object { comparison.brought.write(to: &$0) } }
      writer.member("spared") { $0.object { comparison.spared.write(to: &$0) } }
      writer.member("notes", review.remarks + review.notes.map(Reports.text))
      writer.member("gates", objects: comparison.gates) { $1.write(to: &$0) }
      writer.member("cost") { writer in
        writer.object { writer in
          comparison.cost.write(to: &writer)
          writer.member("changePerHourMicros", comparison.cost.changePerHour.micros)
        }
      }
    }
  }
}

extension Review.Revision {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("commit", id)
  }
}

extension ObjectChange {
  fileprivate func write(to writer: inout JSONWriter, _ places: ChangePlaces) {
    writer.member("object", object.description)
    writer.member("action", action.rawValue)
    places[object]?.write(to: &writer)
    writer.member("fields", objects: fields) { writer, field in
      field.write(to: &writer)
      places[object, field.path]?.write(to: &writer)
    }
  }
}

extension ChangePlaces.Place {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.member("place") { json in
      json.object { json in
        json.member("side", isInHead ? "head" : "base")
        json.member("file", path)
        json.member("line", line)
        json.member("column", column)
      }
    }
  }
}

extension PlanComparison.Effects {
  func write(to writer: inout JSONWriter) {
    writer.member("nodes", objects: nodes) { writer, node in
      node.write(to: &writer)
      writer.member("causeText", Causes.text(node.cause))
    }
    writer.member("placements", objects: placements) { writer, placement in
      placement.write(to: &writer)
      writer.member("causeText", Causes.text(placement.cause))
    }
    writer.member("pending", objects: pending) { writer, pending in
      pending.write(to: &writer)
      writer.member(
        "remedyText", ifPresent: pending.remedy.map { Remedies.text($0, for: pending.workload) })
    }
  }
}

extension ComparedGate {
  fileprivate func write(to writer: inout JSONWriter) {
    outcome.write(to: &writer)
    writer.member("ruleText", Gates.text(outcome.rule))
    writer.member("isBrokenByChange", isBrokenByChange)
    writer.member("isInBase", isInBase)
    writer.member("isInHead", isInHead)
  }
}
