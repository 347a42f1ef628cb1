public import Diagnostics

/// What one file says: its documents, each a tree of nodes.
///
/// All nodes of a file stand in one flat array, in the order of the text, so a tree of any depth is
/// built, walked and released without recursion. Copies are cheap: they share the array.
public struct YAMLFile: Sendable {
  public let source: SourceID
  /// In the order of the file. A document that reading stopped in is not among them.
  public let documents: [YAMLDocument]
}

/// One document of a file.
public struct YAMLDocument: Sendable {
  /// The node that is the document; null where a document is empty.
  public let root: YAMLNode
}

/// The storage behind `YAMLFile`: written once by the reader, read by every `YAMLNode`.
final class YAMLTree: Sendable {
  let source: SourceID
  /// The file as read; most scalars are ranges of it.
  let bytes: [UInt8]
  /// The texts of the scalars that don't stand verbatim in the file: quoted, escaped or folded
  /// ones.
  let text: [UInt8]
  let records: [Record]

  init(source: SourceID, bytes: [UInt8], text: [UInt8], records: [Record]) {
    self.source = source
    self.bytes = bytes
    self.text = text
    self.records = records
  }

  /// The index of the node that follows the subtree of `index`.
  func end(of index: Int) -> Int {
    let record = records[index]
    return record.isCollection ? record.subtreeEnd : index + 1
  }
}

/// One node in 20 bytes. Children follow their parent; a mapping's are key, value, key, value.
struct Record {
  enum Shape: UInt8 { case scalar, sequence, mapping, alias }

  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The text is a range of `YAMLTree.text`, else of `YAMLTree.bytes`.
    static let copied = Flags(rawValue: 1)
    /// It carries `!!str`.
    static let tagged = Flags(rawValue: 2)
    /// The reader has reported it; what it holds means nothing.
    static let refused = Flags(rawValue: 4)
  }

  /// Bytes of the source.
  var start: UInt32
  var end: UInt32
  /// A scalar's text starts here; a collection has so many children; an alias names this node.
  private var first: UInt32
  /// A scalar's text has so many bytes; a collection's subtree ends before this node.
  private var second: UInt32
  let shape: Shape
  let style: YAMLNode.Style
  var flags: Flags

  init(_ shape: Shape, _ style: YAMLNode.Style, _ range: Range<Int>) {
    self.start = UInt32(truncatingIfNeeded: range.lowerBound)
    self.end = UInt32(truncatingIfNeeded: range.upperBound)
    self.first = 0
    self.second = 0
    self.shape = shape
    self.style = style
    self.flags = []
  }

  var range: Range<Int> { Int(start)..<Int(end) }
  var isCollection: Bool { shape == .sequence || shape == .mapping }

  var textRange: Range<Int> {
    get { Int(first)..<Int(first) + Int(second) }
    set {
      first = UInt32(truncatingIfNeeded: newValue.lowerBound)
      second = UInt32(truncatingIfNeeded: newValue.count)
    }
  }

  var childCount: Int {
    get { Int(first) }
    set { first = UInt32(truncatingIfNeeded: newValue) }
  }

  var subtreeEnd: Int {
    get { Int(second) }
    set { second = UInt32(truncatingIfNeeded: newValue) }
  }

  var target: Int {
    get { Int(first) }
    set { first = UInt32(truncatingIfNeeded: newValue) }
  }
}
