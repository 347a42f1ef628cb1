import Diagnostics
import Interfaces
import Model

/// What the list of events says of a source: each change of its condition once, whichever process
/// sees it.
struct SourceCondition {
  private let subject: String
  private var last: Event?

  /// `events` are those of the state, in order.
  init(of source: FollowedSource, among events: [Event]) {
    subject = "source \(source.location)"
    let subject = subject
    last = events.last { event in
      event.subject == subject && (event.reason == Self.taken || event.reason == Self.notTaken)
    }
  }

  private static let taken = "SourceTaken"
  private static let notTaken = "SourceNotTaken"

  /// The event that `look` comes to, with `kept` in force; nil where the list says so already.
  mutating func change(
    _ look: FollowedSource.Look, kept: FollowedSource.Revision?, at now: Timestamp
  ) -> Event? {
    guard let (reason, message) = told(look, kept),
      reason != last?.reason || message != last?.message
    else { return nil }
    let event = Event(at: now, subject: subject, reason: reason, message: message)
    last = event
    return event
  }

  private func told(
    _ look: FollowedSource.Look, _ kept: FollowedSource.Revision?
  ) -> (String, String)? {
    switch look {
    case .taken(let revision): (Self.taken, revision.mark)
    case .same: kept.map { (Self.taken, $0.mark) }
    case .refused(let trouble), .unreachable(let trouble): (Self.notTaken, trouble.headline)
    }
  }
}

extension Trouble {
  /// In one line.
  var headline: String {
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
