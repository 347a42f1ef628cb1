import HTTP
import JSON
import Model
import Planning
import Synchronization

/// The door to one slurmrestd: a request → what it says.
final class RESTDoor: Sendable {
  private let settings: SlurmREST
  private let secondsMax: Int
  private let variable: @Sendable (String) -> String?
  private let now: @Sendable () -> Timestamp
  private let made = Mutex<Server?>(nil)

  /// 20,000 jobs come to about 60 MB.
  private static let answerBytesMax = 256 << 20
  private static let authoritiesBytesMax = 1 << 20

  init(
    _ settings: SlurmREST, secondsMax: Int, variable: @escaping @Sendable (String) -> String?,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.settings = settings
    self.secondsMax = secondsMax
    self.variable = variable
    self.now = now
  }

  enum Purpose {
    case look
    /// Without an answer it may have happened.
    case change
  }

  /// What was said: an answer of status 200 to 299, one of 304, or one of 404 that names no error; they
  /// mean what its caller makes of them. A change that was done before may come with any status; every
  /// other answer is a failure.
  func answer(
    _ method: Request.Method, _ path: String, query: [Request.Field] = [], body: [UInt8] = [],
    for purpose: Purpose
  ) async throws(Failure) -> Answer {
    let token = try RESTToken.read(settings, variable: variable, at: now())
    let request = Request(
      method, path, query: query,
      headers: [
        .init("X-SLURM-USER-NAME", settings.user), .init("Accept", "application/json"),
        .init("Content-Type", "application/json"),
        // 22.05 ends the connection after each answer, and does not always say so.
        .init("Connection", "close"),
      ], credential: Credential(header: "X-SLURM-USER-TOKEN", token), body: body,
      secondsMax: secondsMax, answerBytesMax: Self.answerBytesMax)
    let server = try server()
    let answer: Answer
    do throws(Problem) {
      answer = try await server.answer(to: request)
    } catch {
      throw failure(error, purpose)
    }
    try refuse(answer, purpose)
    return answer
  }

  private func refuse(_ answer: Answer, _ purpose: Purpose) throws(Failure) {
    guard !answer.isSuccess, answer.status != 304 else { return }
    if answer.status == 401 || answer.status == 403 {
      throw .transient(
        "slurmrestd refuses user '\(settings.user)' (HTTP \(answer.status)): "
          + "is the token that user's, and of this Slurm?")
    }
    guard let complaint = answer.complaint else {
      if answer.status == 404 { return }
      throw failure("answered HTTP \(answer.status), and nothing that can be read", purpose)
    }
    guard purpose == .change, complaint.meansDone else {
      throw complaint.failure(mayHaveHappened: purpose == .change)
    }
  }

  /// Of something that may be so for a moment only.
  func failure(_ what: String, _ purpose: Purpose) -> Failure {
    let said = "slurmrestd at \(settings.address) \(what)"
    return purpose == .change ? .unknown(said) : .transient(said)
  }

  private func failure(_ problem: Problem, _ purpose: Purpose) -> Failure {
    let said = "slurmrestd at \(settings.address): \(problem)"
    switch problem {
    case .unusable: return .terminal(said)
    case .unresolved, .refused, .untrusted, .busy: return .transient(said)
    case .lost, .late, .tooLong: return purpose == .change ? .unknown(said) : .transient(said)
    }
  }

  /// Made when it is first asked for, and again as long as its certificates can't be read.
  private func server() throws(Failure) -> Server {
    if let server = made.withLock({ $0 }) { return server }
    var trust = Trust()
    if let path = settings.authorities {
      trust.authorities = try RESTToken.file(path, bytesMax: Self.authoritiesBytesMax)
    }
    let server: Server
    do throws(Problem) {
      server = try Server(try Address(settings.address), trust)
    } catch {
      throw .transient("slurmrestd at \(settings.address): \(error)")
    }
    made.withLock { $0 = server }
    return server
  }
}

extension Answer {
  /// What it says is wrong; nil where it says nothing, or nothing that can be read.
  fileprivate var complaint: Complaint? {
    do throws(JSONProblem) { return try Complaint(self) } catch { return nil }
  }

  /// Whether there is nothing under this path, and not merely no such job.
  var isOfNothing: Bool { status == 404 && complaint == nil }
}
