import Diagnostics
import Interfaces
import Manifests
import Model
import Planning

extension Code {
  static let revisionUnknown = Code("revision", "unknown")
  static let revisionForgotten = Code("revision", "forgotten")
}

enum RevisionWording {
  static func unknown(_ number: Int, newest: Int?) -> Diagnostic {
    Diagnostic(
      .revisionUnknown, "there is no revision \(number)", at: .invocation,
      help: newest.map { "the newest is \($0); 'setpoint history' lists them" }
        ?? "nothing was applied in this state yet")
  }

  static func forgotten(_ number: Int, oldestKept: Int?) -> Diagnostic {
    Diagnostic(
      .revisionForgotten, "the manifests of revision \(number) are not kept any more",
      at: .invocation,
      help: oldestKept.map { "the oldest that is whole is \($0); apply the manifests themselves" })
  }
}

extension Session {
  /// What was wanted when that revision was adopted, as far as it may still be wanted.
  func wishes(ofRevision number: Int) async throws(Trouble) -> Wishes {
    let history = try await history(limit: .max)
    guard let revision = history.first(where: { $0.number == number }) else {
      throw .problem(RevisionWording.unknown(number, newest: history.first?.number))
    }
    guard let manifests = revision.manifests else {
      let kept = history.last { $0.manifests != nil }
      throw .problem(RevisionWording.forgotten(number, oldestKept: kept?.number))
    }
    let name = "revision \(number)"
    let wishes = try StoredState(manifests: manifests, prices: revision.prices).wishes(at: name)
    try wishes.check(as: name)
    return wishes
  }
}
