import Diagnostics
import Documents
import Model
import Planning

extension Code {
  static let planUnwritable = Code("plan", "unwritable")
  static let planNotAlone = Code("plan", "not-alone")
  static let planApplied = Code("plan", "applied")
  static let planOvertaken = Code("plan", "overtaken")
  static let planStale = Code("plan", "stale")
  static let planTouchesMore = Code("plan", "touches-more")
  static let planUnsound = Code("plan", "unsound")
}

/// Why a saved plan is not written or not applied, in words.
enum PlanFileWording {
  private static let planAgain = "plan again, and have the new plan looked at"

  static func saved(_ path: String) -> String {
    "Saved to \(path); 'setpoint apply \(path)' carries out exactly this plan.\n"
  }

  static func unwritable(_ path: String, _ problem: POSIX.Problem) -> Diagnostic {
    Diagnostic(
      .planUnwritable, "the plan can't be saved: \(problem.text)", at: .path(path),
      help: "see whether there is room and who may write there; a file of that name is as it was")
  }

  static func notAlone(_ path: String) -> Diagnostic {
    Diagnostic(
      .planNotAlone, "a saved plan is applied alone", at: .path(path),
      help: "it holds its manifests; name it and nothing else")
  }

  static func applied(_ revision: Int, _ path: String) -> Diagnostic {
    Diagnostic(
      .planApplied, "this plan was applied already, as revision \(revision)", at: .path(path),
      help: "nothing was done; 'setpoint status' tells how far it is")
  }

  static func overtaken(_ path: String, from parent: String, by current: String) -> Diagnostic {
    Diagnostic(
      .planOvertaken, "the plan goes on from \(parent), and current is \(current)",
      at: .path(path), help: planAgain)
  }

  static func changed(_ broken: BrokenFact, _ path: String) -> Diagnostic {
    Diagnostic(
      .planStale, FactWording.text(broken), at: .path(path),
      help: "the plan depends on that; \(planAgain)")
  }

  static func touchesMore(_ action: ActionID, _ path: String) -> Diagnostic {
    Diagnostic(
      .planTouchesMore, "by now it would also take '\(action)', which the plan does not list",
      at: .path(path), help: "something has changed beside what it depends on; \(planAgain)")
  }

  static func unsound(_ violation: Violation, _ path: String) -> Diagnostic {
    Diagnostic(
      .planUnsound, "the plan may not be carried out as things are now: \(violation)",
      at: .path(path), help: planAgain)
  }
}
