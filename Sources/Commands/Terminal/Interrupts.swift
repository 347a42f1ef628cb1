@unsafe @preconcurrency import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and a polite kill, as requests to leave instead of an end.
final class Interrupts: Sendable {
  private let listeners = Listeners()
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM].map { [listeners] number in
      // Else the signal would end the process before anybody could be told.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { listeners.tell() }
      source.resume()
      return source
    }
  }

  /// One element for each signal, those that came before included: who begins to listen late is
  /// asked to leave all the same.
  var requests: AsyncStream<Void> { listeners.stream() }

  /// Asks to leave, as Ctrl-C does.
  func leave() { listeners.tell() }

  /// Gives the signals their usual meaning back.
  func stop() {
    for source in sources { source.cancel() }
    listeners.finish()
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

/// Tells everybody who listens the same.
private final class Listeners: Sendable {
  private let state = Mutex(State())

  private struct State {
    var told = 0
    var isOver = false
    var queues: [AsyncStream<Void>.Continuation] = []
  }

  func stream() -> AsyncStream<Void> {
    let (stream, queue) = AsyncStream.makeStream(of: Void.self)
    state.withLock { state in
      for _ in 0..<state.told { queue.yield() }
      if state.isOver { queue.finish() } else { state.queues.append(queue) }
    }
    return stream
  }

  func tell() {
    state.withLock { state in
      state.told += 1
      for queue in state.queues { queue.yield() }
    }
  }

  func finish() {
    state.withLock { state in
      state.isOver = true
      for queue in state.queues { queue.finish() }
      state.queues = []
    }
  }
}
