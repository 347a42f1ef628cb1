import Diagnostics
import JSON

/// Rows of facts: a table for people, and the same facts as JSON.
public struct Listing: Hashable, Sendable {
  public struct Column: Hashable, Sendable {
    let title: String
    /// The member's name in JSON.
    let key: String
    let isNumber: Bool

    /// The title is the key in capitals unless it is given.
    init(_ key: String, title: String? = nil, isNumber: Bool = false) {
      self.key = key
      self.title = title ?? key.uppercased()
      self.isNumber = isNumber
    }
  }

  /// One fact of a row.
  public enum Fact: Hashable, Sendable {
    case text(String)
    case number(Int)
    /// What people read, and what programs do.
    case shown(String, exactly: String)
    case missing
  }

  /// What the rows are: `nodes`.
  let kind: String
  let columns: [Column]
  private(set) var rows: [[Fact]] = []

  init(_ kind: String, _ columns: [Column]) {
    self.kind = kind
    self.columns = columns
  }

  mutating func add(_ facts: Fact...) {
    precondition(facts.count == columns.count, "one fact for each column")
    rows.append(facts)
  }

  public var isEmpty: Bool { rows.isEmpty }

  /// A table with a header, or one sentence where there is nothing.
  public func text(in style: Style = Style()) -> String {
    guard !rows.isEmpty else { return "There are no \(kind).\n" }
    return lines(in: style, indent: 0).joined(separator: "\n") + "\n"
  }

  func lines(in style: Style, indent: Int) -> [String] {
    var table = Table(
      columns.map { $0.isNumber ? .right : .left }, header: columns.map(\.title), indent: indent)
    table.rows = rows.map { row in Table.Row(row.map { Cell($0.text) }) }
    return table.lines(in: style)
  }

  /// `{"formatVersion": 1, "kind": "nodes", "items": […]}`
  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", kind)
      writer.member("items") { writeItems(to: &$0) }
    }
  }

  /// The rows alone, as an array of objects.
  func writeItems(to writer: inout JSONWriter) {
    writer.array(rows) { writer, row in
      writer.object { writer in
        for (column, fact) in zip(columns, row) { fact.write(as: column.key, to: &writer) }
      }
    }
  }
}

extension Listing.Fact {
  init(_ text: String?) { self = text.map { .text($0) } ?? .missing }

  fileprivate var text: String {
    switch self {
    case .text(let text), .shown(let text, _): text.isEmpty ? "-" : Visible.line(text)
    case .number(let number): "\(number)"
    case .missing: "-"
    }
  }

  fileprivate func write(as key: String, to writer: inout JSONWriter) {
    switch self {
    case .text(let text), .shown(_, let text): writer.member(key, text)
    case .number(let number): writer.member(key, number)
    case .missing: break
    }
  }
}
