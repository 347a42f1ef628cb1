public import Diagnostics
import Model
import YAML

/// Changes fields in the text that people wrote, so that all else stays byte for byte: comments, quotes,
/// flow style, the order of fields.
extension ManifestSet {
  /// What `edit` comes to in `sources`, which this was read from.
  public func text(
    of edit: FieldEdit, in sources: Sources
  ) throws(UneditableField) -> TextEdit {
    guard let manifest = manifests.first(where: { $0.spec.id == edit.object }),
      let name = edit.path.last
    else { throw .notDeclared }
    let pen = Pen(bytes: sources[manifest.origin.root.span.source].bytes)
    var parent = manifest.origin.root
    var table: TableDescription? = edit.object.kind.table
    for step in edit.path.dropLast() {
      guard parent.kind == .mapping, let next = parent[step] else { throw .unusual }
      guard next.definition == nil else { throw .shared }
      parent = next
      table = table?.fields.first { $0.name == step }?.shape.table
    }
    guard parent.kind == .mapping else { throw .unusual }
    guard let node = parent[name] else {
      let order = table?.fields.map(\.name) ?? []
      return try pen.inserting(name, edit.value.flow, into: parent, order: order)
    }
    switch edit.value {
    case .scalar(let text): return try pen.rewriting(node, as: text)
    case .devices(let count): return try pen.recounting(node, as: count)
    case .list(let texts): return try pen.relisting(node, as: texts)
    }
  }
}

extension Sources {
  /// The same texts with `edits` made, which don't overlap.
  public func applying(_ edits: [TextEdit]) -> Sources {
    var bytes = texts.map(\.bytes)
    for edit in edits.inOrder.reversed() {
      bytes[edit.source.index].replaceSubrange(edit.range, with: edit.text.utf8)
    }
    return Sources(zip(texts, bytes).map { SourceText(path: $0.path, bytes: $1) })
  }
}

extension [TextEdit] {
  /// By their places.
  public var inOrder: [TextEdit] {
    sorted { ($0.source, $0.range.lowerBound) < ($1.source, $1.range.lowerBound) }
  }
}

/// Finds the bytes of one file that are to become others.
private struct Pen {
  let bytes: [UInt8]

  /// A new field of a mapping, before the first that follows it in `order`.
  func inserting(
    _ name: String, _ value: String, into mapping: YAMLNode, order: [String]
  ) throws(UneditableField) -> TextEdit {
    let following = order.drop { $0 != name }.dropFirst()
    let keys = mapping.entries.map(\.key)
    guard let key = keys.first(where: { following.contains($0.text ?? "") }) ?? keys.first else {
      throw .unusual
    }
    let text = "\(name): \(value)"
    guard mapping.style == .block else { return put(text + ", ", before: key) }
    return put(text + "\n" + String(repeating: " ", count: column(of: key)), before: key)
  }

  /// A scalar as another text, between the same quotes.
  func rewriting(_ node: YAMLNode, as text: String) throws(UneditableField) -> TextEdit {
    guard node.kind == .scalar else { throw .unusual }
    let (source, range) = (node.span.source, node.span.range)
    // An alias is no more than its own few letters: what it names stays as it is.
    guard node.definition == nil else { return TextEdit(source, range, text) }
    switch node.style {
    case .plain:
      // What stands before it is an anchor or a tag.
      let start = range.upperBound - node.utf8.count
      guard start >= range.lowerBound, bytes[start..<range.upperBound].elementsEqual(node.utf8)
      else { throw .unusual }
      return TextEdit(source, start..<range.upperBound, text)
    case .singleQuoted, .doubleQuoted:
      let quote = UInt8(ascii: node.style == .singleQuoted ? "'" : "\"")
      guard let start = bytes[range].firstIndex(of: quote) else { throw .unusual }
      return TextEdit(source, start + 1..<range.upperBound - 1, text)
    case .literal, .folded, .block, .flow: throw .unusual
    }
  }

  /// Another number of accelerators, which are written as `H100:8`, as `H100`, or as fields.
  func recounting(_ node: YAMLNode, as count: String) throws(UneditableField) -> TextEdit {
    guard node.kind == .mapping else {
      let models = (node.text ?? "").prefix { $0 != ":" }
      return try rewriting(node, as: "\(models):\(count)")
    }
    guard node.definition == nil else { throw .shared }
    guard let number = node["count"] else {
      return try inserting("count", count, into: node, order: ["models", "count", "memory"])
    }
    return try rewriting(number, as: count)
  }

  /// A list as another one. What comes before all that it has is put into the text; any other list only
  /// takes the place of one that stands on one line.
  func relisting(_ node: YAMLNode, as texts: [String]) throws(UneditableField) -> TextEdit {
    guard node.kind == .sequence else { throw .unusual }
    guard node.definition == nil else { throw .shared }
    let items = Array(node.items)
    let old = items.map { $0.text ?? "" }
    let new = texts.dropLast(old.count)
    if let first = items.first, new.count > 0, texts.suffix(old.count).elementsEqual(old) {
      guard node.style == .block else { return put(new.map { "\($0), " }.joined(), before: first) }
      let indent = String(repeating: " ", count: column(of: node))
      return put(new.map { "\($0)\n\(indent)- " }.joined(), before: first)
    }
    let range = node.span.range
    guard node.style == .flow, !bytes[range].contains(UInt8(ascii: "\n")),
      let start = bytes[range].firstIndex(of: UInt8(ascii: "["))
    else { throw .unusual }
    return TextEdit(
      node.span.source, start..<range.upperBound, "[\(texts.joined(separator: ", "))]")
  }

  private func put(_ text: String, before node: YAMLNode) -> TextEdit {
    let start = node.span.range.lowerBound
    return TextEdit(node.span.source, start..<start, text)
  }

  /// Bytes between the start of a node's line and the node: in block style, spaces and dashes.
  private func column(of node: YAMLNode) -> Int {
    let start = node.span.range.lowerBound
    let line = bytes[..<start].lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return start - (line.map { $0 + 1 } ?? 0)
  }
}

extension FieldEdit.Value {
  fileprivate var flow: String {
    switch self {
    case .scalar(let text), .devices(let text): text
    case .list(let texts): "[\(texts.joined(separator: ", "))]"
    }
  }
}
