import Diagnostics
import Model
import Planning

/// What happens to the declared objects, each with the place where it is declared.
struct ReviewedChanges {
  let review: Review
  let style: Style

  /// Objects of one action that are written out before the rest is only counted.
  private static let objectsMax = 40

  var lines: [String] { ObjectChange.Action.listed.flatMap(lines) }

  private func lines(_ action: ObjectChange.Action) -> [String] {
    let changes = review.comparison.changes.filter { $0.action == action }
    let shown = changes.prefix(style.isVerbose ? changes.count : Self.objectsMax)
    let isWhole = action == .create || action == .delete
    var lines = isWhole ? whole(shown, action).lines(in: style) : shown.flatMap(edited)
    if changes.count > shown.count { lines.append("    and \(changes.count - shown.count) more") }
    return lines
  }

  /// Objects that come or go, a line for each.
  private func whole(
    _ changes: some Sequence<ObjectChange>, _ action: ObjectChange.Action
  ) -> Table {
    var table = Table([.left], indent: 2)
    table.rows = changes.map { change in
      Table.Row(
        symbol: Symbol(action), [Cell("\(change.object)")],
        remark: review.places[change.object].map { "\($0)" } ?? "")
    }
    return table
  }

  private func edited(_ change: ObjectChange) -> [String] {
    var head = Table([.left], indent: 2)
    head.rows = [
      Table.Row(
        symbol: Symbol(change.action), [Cell("\(change.object)")],
        remark: review.places[change.object].map { "\($0)" } ?? "")
    ]
    return head.lines(in: style) + fields(of: change, indent: 6).lines(in: style)
  }

  func fields(of change: ObjectChange, indent: Int = 0) -> Table {
    let file = review.places[change.object]?.path
    var table = Table([.left, .left], indent: indent)
    table.rows = change.fields.map { field in
      let place = review.places[change.object, field.path]
      let line = place.map { $0.path == file ? "line \($0.line)" : "\($0)" }
      return Table.Row(
        [
          Cell("\(field.path):"),
          Cell("\(FieldWords.value(field.before)) → \(FieldWords.value(field.after))"),
        ],
        remark: [FieldWords.effect(field.effect), line].compactMap(\.self).filter { !$0.isEmpty }
          .joined(separator: ", "))
    }
    return table
  }
}

/// Values and effects of fields, in words.
enum FieldWords {
  static func value(_ value: String?) -> String { value.map(Visible.line) ?? "(not set)" }

  static func effect(_ effect: FieldChange.Effect) -> String {
    switch effect {
    case .inPlace: ""
    case .restartsReplicas: "restarts replicas"
    case .replacesNodes: "replaces nodes"
    }
  }
}

extension ObjectChange.Action {
  /// As they are told: what comes, what becomes another, what goes.
  static let listed: [Self] = [.create, .update, .replace, .delete]
}

extension Symbol {
  init(_ action: ObjectChange.Action) {
    switch action {
    case .create: self = .create
    case .update: self = .update
    case .replace: self = .replace
    case .delete: self = .delete
    }
  }
}
