public import Interfaces
public import Model
import Simulation

/// The time of a simulated world: waiting is what makes it pass.
///
/// It moves at most one stride at a time, and rests for a moment of real time after each, so that a
/// person can watch nodes boot that would take minutes. Where the file can't be written, the world
/// stands still, and time passes only for those who wait: whoever counts on an end comes to it.
public struct VirtualClock: Clock {
  private let file: WorldFile
  private let stride: Seconds
  private let rest: Duration

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
    while !Task.isCancelled {
      let next = min(await now() + stride, moment)
      do {
        let now = try file.change { world in
          world.advance(to: next)
          return world.now
        }
        tries = 0
        if now >= moment { return }
      } catch {
        tries += 1
        if tries >= Self.triesMax { return file.wait(until: next) }
      }
      do { try await Task.sleep(for: rest) } catch { return }
    }
  }

  /// Failed writes in a row after which waiting is given up.
  static let triesMax = 40
}
