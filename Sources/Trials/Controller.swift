import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore

/// One process of Setpoint: what it has in memory, and what is on its way to it. When it dies all of
/// this is gone.
struct Controller {
  enum Role: Hashable {
    /// `setpoint run`: started again whenever it is down.
    case run
    /// `setpoint apply` of the wishes of this number: ends at the setpoint; when it fails before it
    /// has adopted them, somebody says the same again.
    case apply(Int)
  }

  struct Answer {
    var due: Timestamp
    var order: Int
    var message: Message
  }

  let number: Int
  let role: Role
  /// Counts its lives; each claims the lease under a name of its own.
  var life = 0
  var subject: Reconciler?
  var state: StateDatabase
  var clusters: [ClusterSpec] = []
  var inbox: [Answer] = []
  var wake: Timestamp?
  /// When the lease is claimed again; only while it runs.
  var renewAt: Timestamp?
  /// When it starts, while it is down.
  var startAt: Timestamp?
  var pausedUntil: Timestamp?
  /// Its clock is ahead of the world's by so much.
  var skew = Seconds.zero
  var isConverged = false
  var outcome: Outcome?

  init(_ number: Int, _ role: Role, _ disk: StateDatabase, startAt: Timestamp) {
    self.number = number
    self.role = role
    self.startAt = startAt
    state = StateDatabase(sharing: disk)
  }

  var name: String { "process \(number).\(life)" }

  /// The next moment at which something happens to it.
  var next: Timestamp? {
    var next: Timestamp?
    for moment in [startAt, wake, renewAt] + inbox.map(\.due) {
      if let moment { next = min(next ?? moment, moment) }
    }
    guard let pausedUntil else { return next }
    return next.map { max($0, pausedUntil) }
  }

  /// Forgets everything.
  mutating func die(_ disk: StateDatabase, startAt: Timestamp?) {
    subject = nil
    inbox = []
    wake = nil
    renewAt = nil
    isConverged = false
    state = StateDatabase(sharing: disk)
    self.startAt = startAt
  }
}
