import JSON

/// A value that stands as an object within a document.
protocol DocumentPart {
  /// What a document's schema calls it.
  static var partName: String { get }

  func write(to writer: inout JSONWriter)
  init(from object: ObjectReader) throws(DocumentProblem)
}

extension DocumentPart {
  static var partName: String { "\(Self.self)" }
}

extension JSONWriter {
  mutating func member(_ key: String, _ part: some DocumentPart) {
    member(key) { writer in writer.object { part.write(to: &$0) } }
  }

  mutating func member(_ key: String, ifPresent part: (some DocumentPart)?) {
    if let part { member(key, part) }
  }

  mutating func member(_ key: String, _ parts: [some DocumentPart]) {
    member(key, objects: parts) { $1.write(to: &$0) }
  }
}
