import JSON
import Testing

/// What of a text is read, for a test to look at: everything, in order.
private func flat(_ text: String, depthMax: Int = 64) throws -> [String] {
  var reader = JSONReader(Array(text.utf8), depthMax: depthMax)
  var seen: [String] = []
  func value(_ reader: inout JSONReader) throws(JSONProblem) {
    switch try reader.kind() {
    case .object:
      seen.append("{")
      try reader.object { (name, reader) throws(JSONProblem) in
        seen.append("\(name):")
        try value(&reader)
      }
      seen.append("}")
    case .array:
      seen.append("[")
      try reader.array { (reader) throws(JSONProblem) in try value(&reader) }
      seen.append("]")
    case .string: seen.append("'\(try reader.string())'")
    case .number: seen.append("\(try reader.integer())")
    case .boolean: seen.append("\(try reader.boolean())")
    case .null:
      try reader.skip()
      seen.append("null")
    }
  }
  try value(&reader)
  try reader.end()
  return seen
}

@Suite struct ReaderTests {
  @Test func allKindsOfValues() throws {
    let text = #" {"a": [1, -20 ,0], "b": {"c": null}, "d": true, "e": false, "": "x"} "#
    #expect(
      try flat(text) == [
        "{", "a:", "[", "1", "-20", "0", "]", "b:", "{", "c:", "null", "}", "d:", "true", "e:",
        "false", ":", "'x'", "}",
      ])
    #expect(try flat("[]") == ["[", "]"] && flat("{}") == ["{", "}"])
  }

  @Test func whatIsLeftAloneIsPassedOver() throws {
    var reader = JSONReader(Array(#"{"x": [{"y": 1.5e3}, "]"], "n": 7, "z": null}"#.utf8))
    var number: Int64 = 0
    try reader.object { (name, reader) throws(JSONProblem) in
      if name == "n" { number = try reader.integer() }
    }
    try reader.end()
    #expect(number == 7)
  }

  @Test func escapes() throws {
    #expect(
      try flat(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00""#)
        == ["'\"\\/\u{08}\u{0C}\n\r\tAé😀'"])
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "[1,]", "[,1]",
    "[1 2]", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN", "nul", "truefalse", "tru",
    "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
    "\"\\udc00\"", "\"\u{01}\"", "\"\n\"", "1 1", "[1]]", "//", "'a'", "[1/**/]", "\u{FEFF}1",
  ])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(throws: JSONProblem.self) { try flat(text) }
    #expect(throws: JSONProblem.self) {
      var reader = JSONReader(Array(text.utf8))
      try reader.skip()
      try reader.end()
    }
  }

  @Test func bytesThatAreNoUTF8AreRefused() {
    #expect(throws: JSONProblem.self) {
      var reader = JSONReader([0x22, 0xFF, 0x22])
      _ = try reader.string()
    }
  }

  @Test func numbers() throws {
    #expect(try flat("[9223372036854775807, -9223372036854775808]")[1] == "9223372036854775807")
    for text in ["9223372036854775808", "1.0", "1e2"] {
      #expect(throws: JSONProblem.self) { try flat(text) }
      var reader = JSONReader(Array(text.utf8))
      try reader.skip()
      try reader.end()
    }
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try flat(nested(8), depthMax: 8).count == 16)
    #expect(throws: JSONProblem.self) { try flat(nested(9), depthMax: 8) }
    #expect(throws: JSONProblem.self) {
      var reader = JSONReader(Array(repeating: UInt8(ascii: "["), count: 1_000_000))
      try reader.skip()
    }
  }

  @Test func problemsHaveAPlace() {
    #expect(throws: JSONProblem(offset: 7, expected: "'}'")) { try flat(#"{"a": 1x}"#) }
  }
}
