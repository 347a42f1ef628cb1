public import Interfaces
public import Model
import Simulation
import Synchronization

/// The time of a simulated world: waiting is what makes it pass.
///
/// It moves at most one stride at a time, and rests for a moment of real time after each, so that a
/// person can watch nodes boot that would take minutes. Before the first, it rests for as long as there
/// was work since the last wait: time must not run away from those who have much to do. Where the file
/// can't be written, the world stands still, and time passes only for those who wait: whoever counts
/// on an end comes to it.
public struct VirtualClock: Clock {
  private let file: WorldFile
  private let stride: Seconds
  private let rest: Duration
  private let work = Work()

  public init(_ file: WorldFile, stride: Seconds = Seconds(5), rest: Duration = .milliseconds(25)) {
    precondition(stride > .zero, "a stride that leads nowhere never arrives")
    self.file = file
    self.stride = stride
    self.rest = rest
  }

  public func now() async -> Timestamp {
    do { return max(try file.read().now, file.waitedUntil) } catch { return file.lastSeen }
  }

  /// Several that wait share the time that passes: each moves the world on only while it has not
  /// reached its own moment.
  public func wait(until moment: Timestamp) async {
    var tries = 0
    do { try await Task.sleep(for: min(work.sinceLastWait, Self.restMax)) } catch { return }
    while !Task.isCancelled {
      let next = min(await now() + stride, moment)
      do {
        let now = try file.change { world in
          world.advance(to: next)
          return world.now
        }
        tries = 0
        if now >= moment { return work.begins() }
      } catch {
        tries += 1
        if tries >= Self.triesMax { return file.wait(until: next) }
      }
      do { try await Task.sleep(for: rest) } catch { return }
    }
  }

  private static let restMax = Duration.seconds(1)

  /// Failed writes in a row after which waiting is given up.
  static let triesMax = 40
}

/// What goes on between one wait and the next.
private final class Work: Sendable {
  private let start = Mutex<ContinuousClock.Instant?>(nil)

  func begins() { start.withLock { $0 = .now } }

  /// Nothing before the first wait.
  var sinceLastWait: Duration {
    start.withLock { start in start.map { $0.duration(to: .now) } ?? .zero }
  }
}
