import Diagnostics

/// libyaml's own words for broken syntax, with the way out for the commonest mistakes.
extension Problem {
  static func syntax(
    _ failure: LibYAML.Failure, at mark: Int, contextAt contextMark: Int, in bytes: [UInt8]
  ) -> Problem {
    guard let problem = failure.problem else {
      return Problem(.yamlSyntax, "the YAML parser ran out of memory", at: .range(0..<0))
    }
    let start = min(mark, bytes.count)
    let note = failure.context.map {
      (min(contextMark, bytes.count)..<min(contextMark, bytes.count), $0)
    }
    return Problem(
      .yamlSyntax, problem, at: .range(start..<min(start + 1, bytes.count)),
      note: note.flatMap { $0.0.lowerBound == start ? nil : $0 },
      help: help(problem, failure.context ?? "", bytes[start...].first))
  }

  private static func help(_ problem: String, _ context: String, _ byte: UInt8?) -> String? {
    switch problem {
    case "found character that cannot start any token":
      byte == UInt8(ascii: "\t")
        ? "indent with spaces; YAML allows no tabs there"
        : "put the value between quotes"
    case "mapping values are not allowed in this context":
      "indent the fields of one mapping alike, and put a value that holds ': ' between quotes"
    case "could not find expected ':'": "write 'name: value'"
    case "did not find expected key": "indent the fields of one mapping alike"
    case "did not find expected '-' indicator": "indent the items of one list alike"
    case "did not find expected ',' or ']'": "close the list with ']'"
    case "did not find expected ',' or '}'": "close the mapping with '}'"
    case "found unexpected end of stream":
      context.contains("quoted") ? "close the quotes" : nil
    case "block sequence entries are not allowed in this context":
      "begin the list on a line of its own"
    default: nil
    }
  }
}
