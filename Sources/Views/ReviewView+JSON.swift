import JSON
import Model
import Planning

extension ReviewView {
  /// The same facts for programs. Members are added in later versions and none changes its meaning.
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
      writer.member("cost") { $0.object { comparison.cost.write(to: &$0) } }
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
      writer.member("path", field.path)
      writer.member("before", ifPresent: field.before)
      writer.member("after", ifPresent: field.after)
      writer.member("effect", field.effect.rawValue)
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
  fileprivate func write(to writer: inout JSONWriter) {
    writer.member("nodes", objects: nodes) { $1.write(to: &$0) }
    writer.member("placements", objects: placements) { $1.write(to: &$0) }
    writer.member("pending", objects: pending) { $1.write(to: &$0) }
  }
}

extension ComparedGate {
  fileprivate func write(to writer: inout JSONWriter) {
    outcome.write(to: &writer)
    writer.member("isBrokenByChange", isBrokenByChange)
    writer.member("isInBase", isInBase)
    writer.member("isInHead", isInHead)
  }
}
