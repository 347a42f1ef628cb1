import Diagnostics
public import Model

/// What happens to the declared objects: those that come or go by name, the others field by field.
public struct ChangesView: Sendable {
  let changes: [ObjectChange]
  let style: Style

  public init(changes: [ObjectChange], style: Style = Style()) {
    self.changes = changes
    self.style = style
  }

  /// One sentence where nothing changes.
  public var text: String {
    changes.isEmpty ? "No differences.\n" : lines.joined(separator: "\n") + "\n"
  }

  /// Names written out for one kind before the rest is only counted.
  private static let namesMax = 24

  var lines: [String] { named(.create, .create) + edited + named(.delete, .delete) }

  private func named(_ action: ObjectChange.Action, _ symbol: Symbol) -> [String] {
    let objects = changes.filter { $0.action == action }.map(\.object)
    let labelWidth = Kind.allCases.map { columns(of: $0.rawValue) }.max() ?? 0
    return folded(objects, by: \.kind).flatMap { group -> [String] in
      let shown = style.isVerbose ? group.count : Self.namesMax
      var names = group.prefix(shown).map(\.name).joined(separator: ", ")
      if group.count > shown { names += " and \(group.count - shown) more" }
      let label = padded(group[0].kind.rawValue, to: labelWidth)
      let indent = 4 + labelWidth + 2
      let rows = wrapped(names, width: style.width - indent)
      return rows.enumerated().map { index, row in
        index == 0
          ? "  \(style.paint(symbol.rawValue, symbol.ink)) \(label)  \(row)" : spaces(indent) + row
      }
    }
  }

  private var edited: [String] {
    changes.flatMap { change -> [String] in
      switch change.action {
      case .create, .delete: []
      case .update: object(change, .update)
      case .replace: object(change, .replace)
      }
    }
  }

  private func object(_ change: ObjectChange, _ symbol: Symbol) -> [String] {
    var table = Table([.left, .left], indent: 6)
    table.rows = change.fields.map {
      Table.Row(
        [
          Cell("\($0.path):"),
          Cell("\(FieldWords.value($0.before)) → \(FieldWords.value($0.after))"),
        ],
        remark: FieldWords.effect($0.effect))
    }
    let indent = spaces(3 - columns(of: symbol.rawValue))
    return ["\(indent)\(style.paint(symbol.rawValue, symbol.ink)) \(change.object)"]
      + table.lines(in: style)
  }
}
