public import Diagnostics

/// A view of one node of a file: an index into its flat array.
///
/// An alias looks like the node that it names; only `span` and `definition` tell them apart. The
/// text of a scalar is what YAML's quoting makes of it and nothing more: no type is guessed, so
/// `no` and `1.10` stay as written until a field's declared type decodes them.
public struct YAMLNode: Sendable {
  public enum Kind: Hashable, Sendable { case scalar, sequence, mapping }

  /// How a node is written.
  public enum Style: UInt8, Hashable, Sendable, BitwiseCopyable {
    case plain, singleQuoted, doubleQuoted, literal, folded
    case block, flow
  }

  let tree: YAMLTree
  let index: Int

  private var written: Record { tree.records[index] }

  /// The record that counts: an alias gives that of the node it names.
  private var record: Record {
    let record = tree.records[index]
    return record.shape == .alias ? tree.records[record.payload] : record
  }

  public var kind: Kind {
    switch record.shape {
    case .sequence: .sequence
    case .mapping: .mapping
    case .scalar, .alias: .scalar
    }
  }

  public var style: Style { record.style }

  /// Where it stands; of an alias, where the alias stands.
  public var span: Span { Span(source: tree.source, range: written.range) }

  /// Where the node that an alias names stands; nil if this is no alias.
  public var definition: Span? {
    guard written.shape == .alias else { return nil }
    return Span(source: tree.source, range: record.range)
  }

  /// Whether the reader has reported this node, so that nothing more should be said about it.
  public var isRefused: Bool { written.flags.contains(.refused) || record.flags.contains(.refused) }

  // MARK: Scalars

  /// The text of a scalar; nil for a collection.
  public var text: String? {
    guard kind == .scalar else { return nil }
    return String(decoding: utf8, as: UTF8.self)
  }

  /// The text of a scalar without a copy; empty for a collection.
  public var utf8: ArraySlice<UInt8> { tree.text(of: index) }

  /// Whether it is a scalar of exactly these bytes.
  public func hasText(_ text: String) -> Bool {
    let utf8 = utf8
    // Nearly every word that is asked for and isn't there differs in length.
    return utf8.count == text.utf8.count && kind == .scalar && utf8.elementsEqual(text.utf8)
  }

  /// Whether it is a scalar without quotes and without `!!str`: one that may mean more than text.
  public var isPlain: Bool {
    let record = record
    return record.style == .plain && !record.flags.contains(.tagged)
  }

  /// Whether it is a plain `null`, `Null`, `NULL`, `~` or nothing at all.
  public var isNull: Bool {
    guard isPlain else { return false }
    let utf8 = utf8
    return utf8.isEmpty || Self.nulls.contains { utf8.elementsEqual($0.utf8) }
  }

  private static let nulls: [String] = ["null", "~", "Null", "NULL"]

  // MARK: Collections

  /// Entries of a mapping or items of a sequence, in time linear in them; 0 for a scalar.
  public var count: Int {
    switch kind {
    case .scalar: 0
    case .sequence: items.reduce(0) { count, _ in count + 1 }
    case .mapping: entries.reduce(0) { count, _ in count + 1 }
    }
  }

  /// The items of a sequence; none for other kinds.
  public var items: YAMLItems { YAMLItems(of: self) }

  /// The entries of a mapping in the order of the text; none for other kinds.
  ///
  /// Every key is a scalar and comes once: an entry with a key that the reader refused is left out.
  public var entries: YAMLEntries { YAMLEntries(of: self) }

  /// The value of the entry with this key, in time linear in the entries.
  public subscript(key: String) -> YAMLNode? {
    for entry in entries where entry.key.hasText(key) { return entry.value }
    return nil
  }

  fileprivate var children: Range<Int> {
    let written = written
    let index = written.shape == .alias ? written.payload : index
    let record = tree.records[index]
    return record.isCollection ? index + 1..<record.payload : index..<index
  }
}

/// One `key: value` of a mapping.
public struct YAMLEntry: Sendable {
  public let key: YAMLNode
  public let value: YAMLNode

  public var name: String { String(decoding: key.utf8, as: UTF8.self) }
}

/// The items of a sequence, in order.
public struct YAMLItems: Sequence, IteratorProtocol, Sendable {
  private let tree: YAMLTree
  private var rest: Range<Int>

  init(of node: YAMLNode) {
    self.tree = node.tree
    self.rest = node.kind == .sequence ? node.children : 0..<0
  }

  public mutating func next() -> YAMLNode? {
    guard !rest.isEmpty else { return nil }
    let index = rest.lowerBound
    rest = tree.end(of: index)..<rest.upperBound
    return YAMLNode(tree: tree, index: index)
  }
}

/// The entries of a mapping, in order.
public struct YAMLEntries: Sequence, IteratorProtocol, Sendable {
  private let tree: YAMLTree
  private var rest: Range<Int>

  init(of node: YAMLNode) {
    self.tree = node.tree
    self.rest = node.kind == .mapping ? node.children : 0..<0
  }

  public mutating func next() -> YAMLEntry? {
    while !rest.isEmpty {
      let key = rest.lowerBound
      let value = tree.end(of: key)
      rest = tree.end(of: value)..<rest.upperBound
      if tree.records[key].flags.contains(.refused) { continue }
      return YAMLEntry(
        key: YAMLNode(tree: tree, index: key), value: YAMLNode(tree: tree, index: value))
    }
    return nil
  }
}
