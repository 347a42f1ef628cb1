import JSON

/// Writes the members of one object of a document.
public struct MemberWriter {
  var json: JSONWriter

  init(_ json: JSONWriter) { self.json = json }

  mutating func member(_ key: String, _ value: String) { json.member(key, value) }
  mutating func member(_ key: String, _ value: Bool) { json.member(key, value) }
  mutating func member(_ key: String, _ value: some BinaryInteger) { json.member(key, value) }
  mutating func member(_ key: String, ifPresent value: String?) {
    json.member(key, ifPresent: value)
  }

  mutating func member(_ key: String, ifPresent value: (some BinaryInteger)?) {
    json.member(key, ifPresent: value)
  }

  mutating func member(_ key: String, _ values: [String]) { json.member(key, values) }

  mutating func member(_ key: String, _ values: [Int]) {
    json.member(key) { $0.array(values) { $0.number($1) } }
  }

  mutating func member(_ key: String, _ part: some DocumentPart) {
    json.member(key) { json in json.object { Self.write(part, to: &$0) } }
  }

  mutating func member(_ key: String, ifPresent part: (some DocumentPart)?) {
    if let part { member(key, part) }
  }

  mutating func member(_ key: String, _ parts: [some DocumentPart]) {
    json.member(key, objects: parts) { Self.write($1, to: &$0) }
  }

  private static func write(_ part: some DocumentPart, to json: inout JSONWriter) {
    var writer = MemberWriter(json)
    part.write(to: &writer)
    json = writer.json
  }
}

/// A value that stands as an object within a document.
protocol DocumentPart {
  func write(to writer: inout MemberWriter)
  init(from object: ObjectReader) throws(DocumentProblem)
}
