@unsafe @preconcurrency import Dispatch
import Glibc

/// Ctrl-C and a polite kill, as requests to leave instead of an end.
final class Interrupts: Sendable {
  /// One element for each signal.
  let requests: AsyncStream<Void>
  private let queue: AsyncStream<Void>.Continuation
  private let sources: [any DispatchSourceSignal]

  init() {
    let (requests, queue) = AsyncStream.makeStream(of: Void.self)
    self.requests = requests
    self.queue = queue
    sources = [SIGINT, SIGTERM].map { number in
      // Else the signal would end the process before anybody could be told.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { queue.yield() }
      source.resume()
      return source
    }
  }

  /// Asks to leave, as Ctrl-C does.
  func leave() { queue.yield() }

  /// Gives the signals their usual meaning back.
  func stop() {
    for source in sources { source.cancel() }
    queue.finish()
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
