import Testing

/// A file that outgrows about 400 lines wants to be two, and a function fits a screen.
@Suite struct SizeTests {
  private let fileLinesMax = 400
  private let lineLengthMax = 105
  private let functionLinesMax = 60

  @Test func filesFitInOneRoom() throws {
    for file in try House().sources {
      #expect(file.lines.count <= fileLinesMax, "\(file.path): \(file.lines.count) lines")
    }
  }

  @Test func linesFitThePage() throws {
    let house = try House()
    for file in house.sources where !file.holdsTables {
      for (number, line) in file.lines.enumerated() where line.count > lineLengthMax {
        Issue.record("\(file.path):\(number + 1) has \(line.count) characters")
      }
    }
  }

  /// A declaration ends at the first line that closes at its own indentation: the formatter sees to it.
  @Test func functionsFitAScreen() throws {
    for file in try House().sources {
      var open: (line: Int, indent: Int)?
      for (number, line) in file.lines.enumerated() {
        let indent = line.prefix { $0 == " " }.count
        if let start = open, indent == start.indent, line.dropFirst(indent).hasPrefix("}") {
          let lines = number - start.line + 1
          #expect(lines <= functionLinesMax, "\(file.path):\(start.line + 1) has \(lines) lines")
          open = nil
        }
        if open == nil, line.contains(/^ *(?:[@\w().]+ )*(?:func|init)\b/), !line.isComment,
          !line.contains(/\{.*\}\s*$/)
        {
          open = (number, indent)
        }
      }
    }
  }
}

extension House.File {
  /// Text tables in string literals, whose rows are data.
  var holdsTables: Bool { path.contains("BuiltIn") || path.contains("Pages") }
}
