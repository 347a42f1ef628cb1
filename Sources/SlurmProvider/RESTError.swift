import JSON

/// One of the `errors` in an answer of slurmrestd, or of a tool's `--json`.
enum RESTError {
  /// What 22.05 also says of a token that it does not accept.
  static let unspecified = "Unspecified error"

  /// The text of the first; nil where there is none.
  static func first(in body: [UInt8]) throws(JSONProblem) -> String? {
    var text: String?
    var reader = JSONReader(body)
    try reader.object { (name, reader) throws(JSONProblem) in
      if name == "errors" { text = try reader.firstError() }
    }
    try reader.end()
    return text
  }
}

extension JSONReader {
  /// Of a list of errors, the text of the first.
  mutating func firstError() throws(JSONProblem) -> String? {
    guard try kind() == .array else {
      try skip()
      return nil
    }
    var first: String?
    try array { (reader) throws(JSONProblem) in
      guard try reader.kind() == .object else { return }
      var error = ""
      var description = ""
      try reader.object { (name, reader) throws(JSONProblem) in
        switch name {
        case "error": error = try reader.text()
        case "description": description = try reader.text()
        default: break
        }
      }
      let text = error.isEmpty ? description : error
      first = first ?? (text.isEmpty ? RESTError.unspecified : text)
    }
    return first
  }
}
