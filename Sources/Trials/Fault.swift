/// The kinds of effects at which something can go wrong, in the words of scripts.
public enum Point: String, CaseIterable, Hashable, Sendable {
  /// A look at a cluster.
  case look
  /// One step, asked of a provider.
  case call
  /// A commit to the journal.
  case record
  /// Reading what is stored, planning on it, and committing the adoption.
  case plan
  /// Claiming the lease, or prolonging it.
  case claim
}

/// What can go wrong at one effect.
public enum Fault: String, CaseIterable, Hashable, Sendable {
  /// The process dies before the effect, or right after it, and is started again a little later.
  case crashBefore = "crash-before"
  case crashAfter = "crash-after"

  case lookFails = "look-fails"
  /// Nobody answers until the timeout.
  case lookTimesOut = "look-times-out"
  /// The answer shows the world as it was when it was asked for, and takes a long time.
  case lookSlow = "look-slow"
  case lookPartial = "look-partial"
  /// The same answer arrives twice.
  case lookTwice = "look-twice"
  /// What was made lately is not in the listing yet.
  case lookLags = "look-lags"

  case callRefused = "call-refused"
  /// Nothing happens, and nobody knows.
  case callDropped = "call-dropped"
  /// It happens, and nobody knows.
  case replyLost = "reply-lost"
  /// It happens, and the answer says that it did not.
  case replyFalse = "reply-false"
  case replySlow = "reply-slow"
  /// It times out, and happens after that.
  case callLate = "call-late"
  /// The network delivers it twice.
  case callTwice = "call-twice"
  case callConflicts = "call-conflicts"

  case storeBusy = "store-busy"
  case storeFull = "store-full"
  /// An I/O error; nothing is kept.
  case storeBroken = "store-broken"
  /// An I/O error, and yet all of it is kept.
  case storeDoubtful = "store-doubtful"

  /// What can go wrong at an effect of this kind.
  public static func possible(at point: Point) -> [Fault] {
    let crashes: [Fault] = [.crashBefore, .crashAfter]
    let refusals: [Fault] = [.storeBusy, .storeFull, .storeBroken, .storeDoubtful]
    return switch point {
    case .look:
      crashes + [.lookFails, .lookTimesOut, .lookSlow, .lookPartial, .lookTwice, .lookLags]
    case .call:
      crashes + [
        .callRefused, .callDropped, .replyLost, .replyFalse, .replySlow, .callLate, .callTwice,
        .callConflicts,
      ]
    case .record, .plan, .claim: crashes + refusals
    }
  }
}

/// A fault at an effect of one kind: what is to be tried, all of it.
public struct FaultPoint: Hashable, Sendable, CustomStringConvertible {
  public var point: Point
  public var fault: Fault

  public var description: String { "\(point.rawValue).\(fault.rawValue)" }

  /// Every one that there is, in the order of their kinds.
  public static let all = Point.allCases.flatMap { point in
    Fault.possible(at: point).map { FaultPoint(point: point, fault: $0) }
  }
}
