import Balancing
import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SimulatedProvider
import Views

/// Why the keeper wakes up.
private enum Nudge {
  case taken
  case timePassed
  case stop
}

extension KeepersTurn {
  /// Follows the source and keeps the world, until it is asked to stop.
  func forever(fetchEvery: Seconds) async throws(Trouble) -> Exit {
    let (nudges, nudge) = AsyncStream.makeStream(of: Nudge.self)
    let (changes, change) = AsyncStream.makeStream(of: Void.self)
    let stop = Task { [interrupts] in
      for await _ in interrupts.requests { nudge.yield(.stop) }
    }
    let following = wanted.source.map { source in
      Task {
        await Following(source: source, session: session, drawing: drawing, terminal: terminal)
          .run(every: fetchEvery) {
            nudge.yield(.taken)
            change.yield()
          }
      }
    }
    defer {
      stop.cancel()
      following?.cancel()
    }
    var inbox = nudges.makeAsyncIterator()
    while try await isNothingWanted() {
      switch await inbox.next() {
      case .stop, nil: return .done
      case .taken, .timePassed: continue
      }
    }
    switch drift {
    case .heal: return try await heal(changes, change)
    case .report: return try await report(nudges, nudge)
    }
  }

  private func isNothingWanted() async throws(Trouble) -> Bool {
    try wanted.request(over: try await session.current()).desired.isEmpty
  }

  private func heal(
    _ changes: AsyncStream<Void>, _ change: AsyncStream<Void>.Continuation
  ) async throws(Trouble) -> Exit {
    let stored = try await session.current()
    let request = try wanted.request(over: stored)
    var scope = wanted.scope(request)
    // What is current was decided for what was wanted until now.
    scope.desired = request.before.desired
    session.clock.note(scope.clusters)
    let scaling = Task { await scale(change) }
    let watching = Task { await watchIdle(change) }
    let (loads, load) = AsyncStream.makeStream(of: EndpointLoads.self)
    let measuring = Task { await measureEndpoints(load) }
    defer {
      scaling.cancel()
      watching.cancel()
      measuring.cancel()
    }
    let outcome = await session.driver(limits: limits, diff: wanted.pauses.diff).run(
      scope, replan: wanted.replan(in: session), changes: changes, loads: loads,
      stop: interrupts.requests, progress: drawing.show)
    drawing.end()
    terminal.say(OutcomeWording.text(outcome))
    return outcome == .interrupted ? .done : Pass.ended(outcome).exit
  }

  /// Pass after pass; each finding is told once, until there is another.
  private func report(
    _ nudges: AsyncStream<Nudge>, _ nudge: AsyncStream<Nudge>.Continuation
  ) async throws(Trouble) -> Exit {
    var inbox = nudges.makeAsyncIterator()
    var told: Pass?
    while true {
      let ended = try await pass()
      if ended == .ended(.interrupted) { return .done }
      if ended != told { try await tell(ended) }
      told = ended
      let alarm = Task { [session, limits] in
        await session.clock.wait(until: await session.clock.now() + limits.reconciler.resyncEvery)
        if !Task.isCancelled { nudge.yield(.timePassed) }
      }
      defer { alarm.cancel() }
      switch await inbox.next() {
      case .stop, nil: return .done
      case .taken, .timePassed: continue
      }
    }
  }
}
