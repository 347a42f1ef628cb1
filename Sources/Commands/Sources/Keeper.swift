import Execution
import Interfaces
import KubernetesProvider
import Model
import Planning
import Reconciliation
import SimulatedProvider
import Views

/// Keeps a world as it is wanted: what `run` does.
struct Keeper: Sendable {
  let wanted: Wanted
  let drift: DriftPolicy
  let interval: Seconds?
  /// Where several processes could do this and one of them leads.
  let leadership: Leadership?
  let terminal: Terminal

  private var limits: DriverLimits {
    var limits = DriverLimits()
    if let interval { limits.reconciler.resyncEvery = interval }
    return limits
  }

  /// One turn of it: fetches, plans, carries out, and ends at the setpoint.
  func once() async throws(Trouble) -> Exit {
    let stored = try await Session(reading: wanted.path).current()
    let look = await wanted.source?.look(beside: try stored.wishes(at: wanted.path))
    if let trouble = look?.trouble {
      terminal.complain(trouble)
      await wanted.source?.recall(beside: try stored.wishes(at: wanted.path))
    }
    guard try !wanted.request(over: stored).desired.isEmpty else {
      if wanted.source == nil { sayNothingIsWanted() }
      return look?.trouble == nil ? .done : .failed
    }
    let exit = try await inTurn { (turn) throws(Trouble) in
      if let source = wanted.source, let look {
        _ = try await turn.session.note(look, of: source, after: nil)
      }
      let pass = try await turn.pass()
      try await turn.tell(pass)
      return pass.exit
    }
    return look?.trouble == nil || exit != .done ? exit : .failed
  }

  /// Until stopped.
  func forever(fetchEvery: Seconds) async throws(Trouble) -> Exit {
    let stored = try await Session(reading: wanted.path).current()
    let isEmpty = try stored.wishes(at: wanted.path).desired.isEmpty
    guard wanted.source != nil || !isEmpty else {
      sayNothingIsWanted()
      return .done
    }
    return try await inTurn { (turn) throws(Trouble) in
      try await turn.forever(fetchEvery: fetchEvery)
    }
  }

  private func sayNothingIsWanted() {
    terminal.say("Nothing was applied yet, so there is nothing to keep.\n")
  }

  /// Runs `body` as the one that leads, where there may be several, and the only one that keeps this
  /// state, for as long as that lasts.
  private func inTurn(
    _ body: (KeepersTurn) async throws(Trouble) -> Exit
  ) async throws(Trouble) -> Exit {
    let interrupts = Interrupts()
    defer { interrupts.stop() }
    guard let leadership else { return try await inTurn(interrupts, body) }
    let leading = Leading(leadership, interrupts, terminal)
    guard try await leading.win() else { return .done }
    return try await leading.during { () throws(Trouble) in try await inTurn(interrupts, body) }
  }

  private func inTurn(
    _ interrupts: Interrupts, _ body: (KeepersTurn) async throws(Trouble) -> Exit
  ) async throws(Trouble) -> Exit {
    let session = try Session(writing: wanted.path)
    if let leadership { session.provider.act { leadership.isHeld } }
    let lease = try await Turn.take(session)
    let drawing = Drawing(terminal)
    let renewal = Task {
      await lease.hold { holder in
        drawing.end()
        terminal.complain(.problem(StateWording.kept(by: holder, session.path)))
        interrupts.leave()
      }
    }
    let turn = KeepersTurn(
      wanted: wanted, drift: drift, limits: limits, session: session, interrupts: interrupts,
      drawing: drawing, terminal: terminal)
    let result: Result<Exit, Trouble>
    do throws(Trouble) { result = .success(try await body(turn)) } catch {
      result = .failure(error)
    }
    renewal.cancel()
    drawing.end()
    await lease.end()
    return try result.get()
  }
}
