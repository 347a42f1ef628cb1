import Diagnostics
import Interfaces

extension Code {
  static let stateBusy = Code("state", "busy")
  static let stateDiskFull = Code("state", "disk-full")
  static let stateNewer = Code("state", "newer")
  static let stateCorrupt = Code("state", "corrupt")
  static let stateUnreadable = Code("state", "unreadable")
  /// Somebody else's plan was adopted between plan and apply.
  static let stateOvertaken = Code("state", "overtaken")
  /// Another `setpoint run` is at work.
  static let stateKept = Code("state", "kept")
  /// Where a copy is to be written there is something.
  static let stateBackupExists = Code("state", "backup-exists")
  /// It was under way at several crashes.
  static let stateQuarantined = Code("state", "quarantined")
}

/// What is wrong with the state, in words.
enum StateWording {
  static func diagnostic(_ error: StoreError) -> Diagnostic {
    switch error {
    case .busy(let path):
      Diagnostic(
        .stateBusy, "another process is writing the state", at: .path(path),
        help: "wait until it is done and say the same again")
    case .diskFull(let path):
      Diagnostic(
        .stateDiskFull, "no space left to write the state", at: .path(path),
        help: "make room and say the same again: what was written stays whole")
    case .newer(let path, let version, let supported):
      Diagnostic(
        .stateNewer,
        "the state is of version \(version), this program knows up to \(supported)",
        at: .path(path), help: "use the release that wrote it, or a later one")
    case .corrupt(let path, let detail):
      Diagnostic(
        .stateCorrupt, "the state is damaged: \(detail)", at: .path(path),
        help: "nothing was changed; bring the file back from a backup, or move it away and apply"
          + " the manifests again: what runs is found by its owner tags")
    case .unreadable(let path, let detail):
      Diagnostic(
        .stateUnreadable, "the state can't be opened: \(detail)", at: .path(path),
        help: "check the path and its permissions, or name another with --state")
    case .superseded: overtaken("the state")
    case .leaseLost(let holder):
      Diagnostic(.stateKept, "\(holder) keeps the world by now", at: .invocation)
    }
  }

  static func overtaken(_ path: String) -> Diagnostic {
    Diagnostic(
      .stateOvertaken, "somebody else applied another plan meanwhile; this one was not applied",
      at: .path(path), help: "look at 'setpoint history' and plan again")
  }

  static func backupExists(_ path: String) -> Diagnostic {
    Diagnostic(
      .stateBackupExists, "there is something here already, and a copy goes over nothing",
      at: .path(path), help: "name another file")
  }

  static func quarantined(_ subject: String) -> Diagnostic {
    Diagnostic(
      .stateQuarantined,
      "the \(subject) was under way at \(Quarantine.crashesMax) crashes, and is set aside",
      at: .invocation,
      help: "change the manifests; 'setpoint apply' plans them all the same, and 'setpoint doctor'"
        + " lists what is set aside")
  }

  static func kept(by lease: Lease, _ path: String) -> Diagnostic {
    Diagnostic(
      .stateKept, "another 'setpoint run' keeps this state: \(lease.holder)", at: .path(path),
      help: "stop that one first; where it died, its turn ends by itself at \(lease.end)")
  }
}
