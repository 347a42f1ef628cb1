import Diagnostics
import Git
import Interfaces
import Model
import Reconciliation
import SQLiteStore
import SimulatedProvider

/// Looks at a source again and again, and tells what comes of it: each condition once.
struct Following: Sendable {
  let source: FollowedSource
  let session: Session
  let drawing: Drawing
  let terminal: Terminal

  private static let pauseMax = Seconds(300)

  /// Until it is cancelled; `taken` is told of each revision.
  func run(every pause: Seconds, taken: @Sendable () -> Void) async {
    var failures = 0
    var told = ""
    var condition: SourceCondition?
    if let wishes = await wishes().wishes {
      await source.recall(beside: wishes)
      if source.revision != nil { taken() }
    }
    while !Task.isCancelled {
      let look = await look()
      failures = look.isUnreachable ? failures + 1 : 0
      if case .taken = look { taken() }
      tell(look, unless: &told)
      await record(look, &condition)
      let wait =
        failures == 0
        ? pause
        : Backoff.pause(
          after: failures, of: source.location.url, min: pause, max: max(pause, Self.pauseMax))
      do { try await Task.sleep(for: .seconds(wait.count)) } catch { return }
    }
  }

  private func look() async -> FollowedSource.Look {
    switch await wishes() {
    case .success(let wishes): await source.look(beside: wishes, session.quarantine)
    case .failure(let trouble): .refused(trouble)
    }
  }

  /// What is stored by now.
  private func wishes() async -> Result<Wishes, Trouble> {
    do throws(Trouble) {
      return .success(try await session.current().wishes(at: session.path))
    } catch {
      return .failure(error)
    }
  }

  private func tell(_ look: FollowedSource.Look, unless told: inout String) {
    switch look {
    case .same: told = ""
    case .taken(let revision):
      told = ""
      say { $0.say("Taken: \(revision.mark)\n") }
    case .refused(let trouble), .unreachable(let trouble):
      guard trouble.headline != told else { return }
      told = trouble.headline
      say { terminal in
        terminal.complain(trouble)
        terminal.say(
          "Kept: \(source.revision?.mark ?? "what is applied"); the source is looked at again.\n")
      }
    }
  }

  private func say(_ words: (Terminal) -> Void) {
    drawing.end()
    words(terminal)
  }

  private func record(
    _ look: FollowedSource.Look, _ known: inout SourceCondition?
  ) async {
    do throws(Trouble) {
      known = try await session.note(look, of: source, after: known)
    } catch {
      // It was said on standard error; what the state lacks for it, whoever writes the state says.
      return
    }
  }
}

extension Session {
  /// Has the list of events say what came of a look, where it doesn't yet; returns what it says then.
  func note(
    _ look: FollowedSource.Look, of source: FollowedSource, after condition: SourceCondition?
  ) async throws(Trouble) -> SourceCondition {
    var condition =
      if let condition { condition } else {
        SourceCondition(of: source, among: try await events(limit: Self.eventsSearched))
      }
    let now = await clock.now()
    if let event = condition.change(look, kept: source.revision, at: now) {
      do throws(StoreError) { try await store.record([], events: [event]) } catch {
        throw .state(error)
      }
    }
    return condition
  }

  /// As far back as it matters what was said.
  static let eventsSearched = 10_000
}

extension FollowedSource.Look {
  fileprivate var isUnreachable: Bool {
    switch self {
    case .unreachable: true
    case .same, .taken, .refused: false
    }
  }
}

extension Result where Success == Wishes, Failure == Trouble {
  fileprivate var wishes: Wishes? {
    switch self {
    case .success(let wishes): wishes
    case .failure: nil
    }
  }
}
