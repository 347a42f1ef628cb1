import Interfaces
import Model
import SQLiteStore

/// The turn of one `setpoint run`: a lease that is prolonged for as long as the process lives, and ends
/// by itself when it doesn't.
struct Turn: Sendable {
  let store: SQLiteStore
  let holder: String

  /// How long a run that died is waited for.
  static let length = Seconds(30)
  private static let renewEvery = Duration.seconds(10)

  /// Takes the turn, or says whose it is.
  static func take(_ session: Session) async throws(Trouble) -> Turn {
    let number = String(UInt16.random(in: .min ... .max), radix: 16)
    let turn = Turn(
      store: session.store,
      holder: "process \(POSIX.processID) on \(POSIX.hostName) (\(number))")
    let outcome: LeaseOutcome
    do throws(StoreError) { outcome = try await turn.claim() } catch { throw .state(error) }
    switch outcome {
    case .granted: return turn
    case .held(let lease): throw .problem(StateWording.kept(by: lease, session.path))
    }
  }

  /// Prolongs the turn until it is cancelled; calls `lost` where somebody else has it by then.
  func hold(lost: @Sendable (Lease) -> Void) async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: Self.renewEvery) } catch { return }
      do throws(StoreError) {
        if case .held(let lease) = try await claim() { return lost(lease) }
      } catch {
        // The file is busy or the disk full: the turn lasts for two more tries, and without it no
        // intent is recorded.
        continue
      }
    }
  }

  func end() async {
    do throws(StoreError) {
      try await store.release()
    } catch {
      // It ends by itself then.
      return
    }
  }

  private func claim() async throws(StoreError) -> LeaseOutcome {
    let now = Timestamp(seconds: POSIX.seconds)
    return try await store.claim(Lease(holder: holder, end: now + Self.length), at: now)
  }
}
