import ArgumentParser

/// How a command ends, as the shell sees it. Usage errors are 64, which is ArgumentParser's own.
enum Exit: Int32 {
  /// Done, or nothing to do.
  case done = 0
  /// The input is wrong, or the world said no.
  case failed = 1
  /// There are changes; only with `--detailed-exitcode`.
  case changes = 2
  /// The plan breaks a gate; only with `--detailed-exitcode`, and always where it was to be applied.
  case gateBroken = 3
  /// A bug of Setpoint: it refuses its own plan.
  case bug = 70
  /// Stopped by Ctrl-C.
  case interrupted = 130
  /// Nobody reads standard output any more; the code that the shell gives to a closed pipe.
  case pipeClosed = 141
}

/// What exit codes say where a command has some of its own.
enum ExitWords {
  static let carriedOut: [(code: Int32, means: String)] = [
    (Exit.done.rawValue, "everything is ready, or nothing was to be done"),
    (Exit.failed.rawValue, "not planned, not confirmed, or not brought to its end"),
    (Exit.gateBroken.rawValue, "the plan breaks a gate that no --override names"),
    (Exit.interrupted.rawValue, "stopped by Ctrl-C"),
  ]

  static let detailed: [(code: Int32, means: String)] = [
    (Exit.done.rawValue, "a plan was made; with --detailed-exitcode: nothing to do"),
    (Exit.failed.rawValue, "no plan could be made"),
    (Exit.changes.rawValue, "with --detailed-exitcode: changes"),
    (Exit.gateBroken.rawValue, "with --detailed-exitcode: changes that break a gate"),
  ]
}

/// `diff` speaks as diff(1) does.
enum DiffExit: Int32 {
  case same = 0
  case different = 1
  case trouble = 2
}
