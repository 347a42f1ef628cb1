/// The bytes of one input and the path that people know it by.
///
/// Offsets are bytes into `bytes`; lines and columns exist only for people and are computed when a
/// diagnostic is shown.
public struct SourceText: Sendable {
  /// As the user wrote it, relative where the user was relative; `-` for standard input.
  public let path: String
  public let bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

/// A place in one of the inputs of a run: the index of the source in `Sources` and a range of
/// bytes.
public struct Span: Hashable, Sendable {
  public let source: SourceID
  public let range: Range<Int>

  public init(source: SourceID, range: Range<Int>) {
    self.source = source
    self.range = range
  }
}

/// The index of an input in the order in which a run reads them (sorted by path).
public struct SourceID: Hashable, Comparable, Sendable {
  public let index: Int

  public init(index: Int) { self.index = index }

  public static func < (left: SourceID, right: SourceID) -> Bool { left.index < right.index }
}

/// All inputs of one run.
public struct Sources: Sendable {
  public private(set) var texts: [SourceText] = []

  public init() {}

  public init(_ texts: [SourceText]) { self.texts = texts }

  public mutating func add(_ text: SourceText) -> SourceID {
    texts.append(text)
    return SourceID(index: texts.count - 1)
  }

  public subscript(id: SourceID) -> SourceText { texts[id.index] }
}
