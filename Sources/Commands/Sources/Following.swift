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
    if let wishes = await wishes().wishes {
      await source.recall(beside: wishes)
      if source.revision != nil { taken() }
    }
    while !Task.isCancelled {
      let look = await look()
      failures = look.isUnreachable ? failures + 1 : 0
      if case .taken = look { taken() }
      await tell(look, unless: &told)
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

  private func tell(_ look: FollowedSource.Look, unless told: inout String) async {
    let reason: String
    let message: String
    switch look {
    case .same:
      told = ""
      return
    case .taken(let revision):
      told = ""
      (reason, message) = ("SourceTaken", revision.mark)
      say { $0.say("Taken: \(revision.mark)\n") }
    case .refused(let trouble), .unreachable(let trouble):
      guard trouble.headline != told else { return }
      told = trouble.headline
      (reason, message) = ("SourceNotTaken", trouble.headline)
      say { terminal in
        terminal.complain(trouble)
        terminal.say(
          "Kept: \(source.revision?.mark ?? "what is applied"); the source is looked at again.\n")
      }
    }
    await record(
      Event(
        at: session.clock.now(), subject: "source \(source.location)", reason: reason,
        message: message))
  }

  private func say(_ words: (Terminal) -> Void) {
    drawing.end()
    words(terminal)
  }

  private func record(_ event: Event) async {
    do throws(StoreError) {
      try await session.store.record([], events: [event])
    } catch {
      // It was said on standard error; what the state lacks for it, whoever writes the state says.
      return
    }
  }
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

extension Trouble {
  /// In one line.
  fileprivate var headline: String {
    switch self {
    case .input(let diagnostics, _):
      "\(DiagnosticRenderer.summary(of: diagnostics) ?? ""): \(diagnostics.first?.message ?? "")"
    case .problem(let diagnostic): diagnostic.message
    case .state(let error): StateWording.diagnostic(error).message
    case .output(let problem): problem.text
    case .bug(let violations, _): violations.first ?? ""
    }
  }
}
