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
  let copies: TextCopies
  let records: FlatArray<Record>

  init(
    source: SourceID, bytes: [UInt8], copies: TextCopies, records: consuming FlatArray<Record>
  ) {
    self.source = source
    self.bytes = bytes
    self.copies = copies
    self.records = records
  }

  /// The index of the node that follows the subtree of `index`.
  func end(of index: Int) -> Int {
    let record = records[index]
    return record.isCollection ? record.payload : index + 1
  }

  /// The text of the scalar at `index`, which may be an alias of one.
  func text(of index: Int) -> ArraySlice<UInt8> {
    let written = records[index]
    let record = written.shape == .alias ? records[written.payload] : written
    return record.text(in: bytes, copies)
  }
}

/// The texts of the scalars that don't stand verbatim in the file: quoted, escaped or folded ones.
struct TextCopies {
  private(set) var bytes: [UInt8] = []
  /// Where the text of each copy ends in `bytes`; the next begins there.
  private var ends: [Int] = []

  var count: Int { ends.count }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    unsafe bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  subscript(copy: Int) -> ArraySlice<UInt8> {
    bytes[(copy == 0 ? 0 : ends[copy - 1])..<ends[copy]]
  }
}

/// One node in 16 bytes. Children follow their parent; a mapping's are key, value, key, value.
struct Record: BitwiseCopyable {
  enum Shape: UInt8 { case scalar, sequence, mapping, alias }

  struct Flags: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    /// The text is one of `TextCopies`, else the end of the node's own range of the file.
    static let copied = Flags(rawValue: 1)
    /// It carries `!!str`.
    static let tagged = Flags(rawValue: 2)
    /// The reader has reported it; what it holds means nothing.
    static let refused = Flags(rawValue: 4)
  }

  private let start32: UInt32
  private var end32: UInt32
  private var payload32: UInt32
  let shape: Shape
  let style: YAMLNode.Style
  var flags: Flags

  /// - Parameters:
  ///   - range: bytes of the source, within 32 bits.
  ///   - payload: see there.
  @inline(__always)
  init(_ shape: Shape, _ style: YAMLNode.Style, _ range: Range<Int>, payload: Int = 0) {
    self.start32 = UInt32(truncatingIfNeeded: range.lowerBound)
    self.end32 = UInt32(truncatingIfNeeded: range.upperBound)
    self.payload32 = UInt32(truncatingIfNeeded: payload)
    self.shape = shape
    self.style = style
    self.flags = []
  }

  var range: Range<Int> { Int(start32)..<Int(end32) }
  var isCollection: Bool { shape == .sequence || shape == .mapping }

  var end: Int {
    get { Int(end32) }
    set { end32 = UInt32(truncatingIfNeeded: newValue) }
  }

  /// Of a scalar, the bytes of its text or, if that is a copy, the copy's index; of a collection, the
  /// node behind its subtree; of an alias, the node that it names.
  var payload: Int {
    get { Int(payload32) }
    set { payload32 = UInt32(truncatingIfNeeded: newValue) }
  }

  /// The text of a scalar; empty for other shapes.
  func text(in bytes: [UInt8], _ copies: TextCopies) -> ArraySlice<UInt8> {
    guard shape == .scalar else { return [] }
    return flags.contains(.copied) ? copies[payload] : bytes[end - payload..<end]
  }
}
