import Diagnostics
import Execution
import Interfaces
import Manifests
import Model
import Planning
import Reconciliation
import SQLiteStore
import SimulatedProvider
import Synchronization

extension Wishes {
  /// Holds what is paused as `stored` has it, and says of which objects that keeps something out.
  mutating func hold(as stored: Wishes) throws(Trouble) -> [Diagnostic] {
    guard !stored.paused.isEmpty else { return [] }
    let held = desired.holding(stored.paused, as: stored.desired)
    let kept = ObjectChanges.between(held, desired).map(\.object)
    paused = stored.paused
    guard !kept.isEmpty else { return [] }
    desired = held
    // Where a cluster stays as it was, so do its prices.
    for object in kept where object.kind == .cluster {
      prices[ClusterName(object.name)] = stored.prices[ClusterName(object.name)]
    }
    try check(as: "what is left where paused objects stay as they are")
    return kept.map(PauseWording.heldBack)
  }
}

/// The objects that are paused by now, for whoever carries out actions.
final class Pauses: Sendable {
  private let objects: Mutex<Set<ObjectID>>

  init(_ paused: Set<ObjectID>) { objects = Mutex(paused) }

  func learn(_ paused: [PausedObject]) {
    objects.withLock { $0 = Set(paused.map(\.object)) }
  }

  /// What leads to a target, without what would touch anything paused.
  var diff: Reconciler.Diff {
    { target, desired, observed in
      let paused = self.objects.withLock { $0 }
      return Differ.actions(toward: target, desired: desired, from: observed)
        .sparing(paused, target, observed)
    }
  }
}

extension Code {
  static let pausedHeldBack = Code("paused", "held-back")
  static let pausedTouched = Code("paused", "touched")
}

/// What is said of paused objects.
enum PauseWording {
  static func heldBack(_ object: ObjectID) -> Diagnostic {
    Diagnostic(
      .pausedHeldBack, "\(object) is paused: what its manifest says is not taken", at: .invocation,
      help: "'setpoint resume \(object)' lets it go on", severity: .warning)
  }

  static func touched(_ objects: [ObjectID]) -> Diagnostic {
    let names = objects.map(\.description).joined(separator: ", ")
    return Diagnostic(
      .pausedTouched, "the plan touches what is paused: \(names)", at: .invocation,
      help: "say 'setpoint resume \(objects.first?.description ?? "KIND/NAME")' first")
  }

  static func paused(_ object: ObjectID) -> String {
    "\(object) is paused: it stays as it is until 'setpoint resume \(object)'.\n"
  }

  static func resumed(_ object: ObjectID, wasPaused: Bool) -> String {
    wasPaused ? "\(object) goes on.\n" : "\(object) was not paused.\n"
  }
}

extension DiagnosticPage {
  static let pausePages = [
    DiagnosticPage(
      .pausedHeldBack, "A manifest says something of an object that is paused.",
      why:
        "Somebody wanted the object to stay as it is for now, and that holds until it is resumed.",
      wayOut: "`setpoint status` tells since when and why. `setpoint resume KIND/NAME` ends it.",
      example: event(
        "`setpoint plan manifests`, after `setpoint pause Workload/chat`:",
        PauseWording.heldBack(ObjectID(.workload, "chat")))),
    DiagnosticPage(
      .pausedTouched, "A plan would do something to an object that is paused.",
      why: "It would not be carried out as a whole, and half a plan is none.",
      wayOut: "Resume the object first, or wait. `setpoint run` carries out the rest meanwhile.",
      example: event(
        "`setpoint apply manifests`, after a node of the paused workload was lost:",
        PauseWording.touched([ObjectID(.workload, "chat")]))),
  ]
}
