import Diagnostics
import Model
import Planning

extension Code {
  static let worldUnreadable = Code("world", "unreadable")
  static let worldDrill = Code("world", "drill")
}

/// What is wrong with the world, in words.
enum WorldWording {
  static func unreadable(_ failure: Failure) -> Diagnostic {
    Diagnostic(
      .worldUnreadable, "the simulated world can't be used: \(failure)", at: .invocation,
      help:
        "it is kept in world.db beside the state file: see to its permissions, and to room for it")
  }

  static func drill(_ text: String) -> Diagnostic {
    Diagnostic(
      .worldDrill, text, at: .invocation, help: "'setpoint drill --help' lists the drills")
  }
}
