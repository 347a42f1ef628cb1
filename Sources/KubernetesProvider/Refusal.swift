import HTTP
import JSON
import Planning

/// An answer of the API server that is no success: its `Status`, as far as it is one.
struct Refusal: Hashable, Sendable {
  var status = 0
  /// In the server's words.
  var message = ""
  /// One word: `AlreadyExists`, `Conflict`, `Expired`, `TooManyRequests`.
  var reason = ""
  /// Of its causes: the words `DisruptionBudget`, and what stands beside them.
  var causes: [Cause] = []
  var retryAfterSeconds: Int64?

  struct Cause: Hashable, Sendable {
    var reason = ""
    var message = ""
  }

  init(_ answer: Answer) {
    do throws(JSONProblem) {
      var reader = JSONReader(answer.body)
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "message": message = try reader.text()
        case "reason": reason = try reader.text()
        case "details":
          try reader.members { (name, reader) throws(JSONProblem) in
            guard name == "causes" else { return }
            try reader.elements { (reader) throws(JSONProblem) in
              let fields = try reader.labels()
              causes.append(
                Cause(reason: fields["reason"] ?? "", message: fields["message"] ?? ""))
            }
          }
        default: break
        }
      }
    } catch {
      // Not the API server's own answer, such as a proxy's before it: its status says enough.
      message = ""
    }
    status = answer.status
    retryAfterSeconds = answer.header("Retry-After").flatMap { Int64($0) }
  }

  /// A budget says no, and not a server that has too much to do.
  var isOfBudget: Bool { status == 429 && causes.contains { $0.reason == "DisruptionBudget" } }

  /// Whether the budget of this name is the one that says no.
  func isOf(budget name: String) -> Bool {
    causes.contains {
      $0.reason == "DisruptionBudget" && $0.message.hasPrefix("The disruption budget \(name) ")
    }
  }

  /// Refused before anything was done, because there is too much to do: the same may be asked again.
  var isOverload: Bool { status == 429 && !isOfBudget || status == 503 }

  private var text: String {
    let first = message.split(separator: "\n").first.map(String.init) ?? ""
    let why = causes.map(\.message).first { !$0.isEmpty && status == 429 }
    let said = first.isEmpty ? "status \(status)" : first
    return why.map { "\(said) \($0)" } ?? said
  }

  func failure(mayHaveHappened: Bool) -> Failure {
    switch status {
    case 401: .terminal("the API server does not know us: \(text)")
    // A quota is somebody's to raise, and others give room back.
    case 403 where message.contains("exceeded quota"): .transient(text)
    case 403: .terminal("not permitted: \(text)")
    case 404 where message.hasPrefix("namespaces "): .terminal(text)
    case 404, 409: .conflict(text)
    case 400, 405, 406, 410, 413, 415, 422: .terminal(text)
    case 429, 503: .transient(text)
    default: mayHaveHappened ? .unknown(text) : .transient(text)
    }
  }
}

extension Problem {
  func failure(mayHaveHappened: Bool) -> Failure {
    let text = "API server: \(self)"
    switch self {
    case .unusable: return .terminal(text)
    case .untrusted, .unresolved, .refused, .busy: return .transient(text)
    case .lost, .late, .tooLong: return mayHaveHappened ? .unknown(text) : .transient(text)
    }
  }
}
