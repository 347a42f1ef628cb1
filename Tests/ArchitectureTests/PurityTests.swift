import Testing

/// Above the line there are values and arithmetic: no clock, no chance, no world.
@Suite struct PurityTests {
  /// What would bring time, randomness, the environment, I/O or other threads in, and Foundation.
  private let banned = [
    "import Foundation", "import Dispatch", "import Glibc", "import GRDB", "async ", "await ",
    "Date()", "UUID(", ".random(", ".shuffled()", "SystemRandomNumberGenerator", "FileManager",
    "ProcessInfo", "ContinuousClock", "Task {", "print(", "getenv", "hashValue", "Hasher()",
  ]

  @Test func pureFloorsTouchNothingOutside() throws {
    for file in try House().pureSources {
      for (number, line) in file.lines.enumerated() where !line.isComment {
        for word in banned where line.contains(word) {
          Issue.record("\(file.path):\(number + 1) uses \(word)")
        }
      }
    }
  }

  @Test func onlyYAMLKnowsLibyaml() throws {
    for file in try House().sources where file.target != "YAML" {
      #expect(!file.lines.contains { $0.hasSuffix("import CLibYAML") }, "\(file.path)")
    }
  }

  @Test func errorsAreNeverDropped() throws {
    for file in try House().sources {
      for (number, line) in file.lines.enumerated() where !line.isComment {
        if line.contains(/\btry[?!]/) {
          Issue.record("\(file.path):\(number + 1) drops an error")
        }
      }
    }
  }
}

extension Substring {
  var isComment: Bool { drop { $0 == " " }.hasPrefix("//") }
}
