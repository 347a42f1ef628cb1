import Diagnostics
import Interfaces

/// Why a command could not do what it was asked.
enum Trouble: Error {
  /// The input is wrong; all of it is said at once.
  case input([Diagnostic], Sources)
  /// One problem that stands in no file.
  case problem(Diagnostic)
  /// What Setpoint remembers can't be read or written.
  case state(StoreError)
  /// Standard output doesn't take what was to be shown.
  case output(POSIX.Problem)
  /// The plan contradicts itself; `path` holds what it was made from.
  case bug([String], savedAt: String)

  var exit: Exit {
    switch self {
    case .input, .problem, .state: .failed
    case .output(let problem): problem.isClosedPipe ? .pipeClosed : .failed
    case .bug: .bug
    }
  }

  func text(coloured: Bool, width: Int) -> String {
    switch self {
    case .input(let diagnostics, let sources):
      DiagnosticRenderer(sources: sources, colour: coloured, columnsMax: width)
        .render(diagnostics)
    case .problem(let diagnostic):
      DiagnosticRenderer(sources: Sources(), colour: coloured, columnsMax: width)
        .render(diagnostic)
    case .state(let error):
      DiagnosticRenderer(sources: Sources(), colour: coloured, columnsMax: width)
        .render(StateWording.diagnostic(error))
    case .output(let problem):
      // Who closes a pipe has seen enough, and knows.
      problem.isClosedPipe
        ? ""
        : Trouble.problem(OutputWording.unwritable(problem)).text(coloured: coloured, width: width)
    case .bug(let violations, let path):
      "This is a bug in Setpoint: it refuses its own plan. Nothing was changed.\n"
        + violations.map { "  \($0)\n" }.joined()
        + "What the plan was made from is in \(path); please report it.\n"
    }
  }
}

extension Code {
  static let outputUnwritable = Code("output", "unwritable")
}

enum OutputWording {
  static func unwritable(_ problem: POSIX.Problem) -> Diagnostic {
    Diagnostic(
      .outputUnwritable, "standard output can't be written: \(problem.text)", at: .invocation,
      help: "see where it leads to; nothing was done after it")
  }
}
