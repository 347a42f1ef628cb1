import HTTP
import JSON
import Model
import Planning
import Synchronization

/// Slurm by slurmrestd, as far as it goes, and by its tools where it does not: what goes where is
/// decision 0012.
///
/// Of several versions that are served the oldest known one is used: v0.0.38 has been tried for real,
/// and those after it write numbers and states otherwise, which the lists allow for.
final class Slurmrestd: Controller {
  private let door: RESTDoor
  private let tools: SlurmTools
  private let known = Mutex(Known())

  private struct Known {
    /// `v0.0.38`.
    var version: String?
    /// The last list, which holds as long as slurmrestd says that nothing has changed since.
    var jobs: (asOf: Int64, listing: Listing<SlurmJob>)?
  }

  static let versions = (38...44).map { "v0.0.\($0)" }

  init(_ door: RESTDoor, tools: SlurmTools) {
    self.door = door
    self.tools = tools
  }

  // MARK: Lists

  func nodes() async throws(Failure) -> Listing<SlurmNode> {
    try list(try await get("nodes")) { (json) throws(JSONProblem) in try SlurmNode.list(json) }
  }

  func reservations() async throws(Failure) -> Listing<SlurmReservation> {
    try list(try await get("reservations")) { (json) throws(JSONProblem) in
      try SlurmReservation.list(json)
    }
  }

  func partitions() async throws(Failure) -> Listing<SlurmPartition> {
    try list(try await get("partitions")) { (json) throws(JSONProblem) in
      try SlurmPartition.list(json)
    }
  }

  /// The longest answer by far, and at rest the same as before.
  func jobs() async throws(Failure) -> Listing<SlurmJob> {
    guard try await version() == Self.versions[0] else {
      // Those of later versions say "nothing has changed" by an empty list.
      return try list(try await get("jobs")) { (json) throws(JSONProblem) in
        try SlurmJob.list(json)
      }
    }
    let now = try await controllerTime()
    let before = known.withLock { $0.jobs }
    let query = before.map { [Request.Field("update_time", "\($0.asOf)")] } ?? []
    let answer = try await get("jobs", query)
    if answer.status == 304, let before { return before.listing }
    let listing = try list(answer) { (json) throws(JSONProblem) in try SlurmJob.list(json) }
    known.withLock { $0.jobs = (now, listing) }
    return listing
  }

  /// The time by the controller's own clock, which no list of v0.0.38 tells.
  private func controllerTime() async throws(Failure) -> Int64 {
    try read(try await get("diag")) { (json) throws(JSONProblem) in
      var time: Int64 = 0
      var reader = JSONReader(json)
      try reader.object { (name, reader) throws(JSONProblem) in
        guard name == "statistics", try reader.kind() == .object else { return }
        try reader.object { (name, reader) throws(JSONProblem) in
          if name == "req_time" { time = try reader.amount() }
        }
      }
      try reader.end()
      guard time > 0 else { throw JSONProblem(offset: json.count, expected: "'req_time'") }
      return time
    }
  }

  private func get(
    _ name: String, _ query: [Request.Field] = []
  ) async throws(Failure) -> Answer {
    try await ask(.get, name, query: query, for: .look)
  }

  private func list<Element>(
    _ answer: Answer, _ read: ([UInt8]) throws(JSONProblem) -> Listing<Element>
  ) throws(Failure) -> Listing<Element> {
    let listing = try self.read(answer, read)
    guard let error = listing.error else { return listing }
    throw Complaint(speaker: "slurmrestd", error).failure(mayHaveHappened: false)
  }

  private func read<Value>(
    _ answer: Answer, _ read: ([UInt8]) throws(JSONProblem) -> Value
  ) throws(Failure) -> Value {
    do throws(JSONProblem) { return try read(answer.body) } catch {
      throw door.failure("gave what can't be read: \(error)", .look)
    }
  }

  // MARK: Changes

  func carryOut(_ move: Move) async throws(Failure) {
    switch move {
    case .mark(let job, let tag):
      let body = JSONWriter.object { $0.member("comment", tag.tag.comment) }
      try await change(.post, "job/\(job)", body: Array(body.utf8))
    case .signal(let job, let signal):
      var query = [Request.Field("signal", signal)]
      // v0.0.38 always means the whole job, and knows no flags.
      if try await version() != Self.versions[0] { query.append(.init("flags", "FULL_JOB")) }
      try await change(.delete, "job/\(job)", query: query)
    case .cancel(let jobs):
      for job in jobs { try await change(.delete, "job/\(job)") }
    case .forget: return
    case .submit, .powerUp, .powerDown, .drain: try await tools.carryOut(move)
    }
  }

  private func change(
    _ method: Request.Method, _ name: String, query: [Request.Field] = [], body: [UInt8] = []
  ) async throws(Failure) {
    let answer = try await ask(method, name, query: query, body: body, for: .change)
    // v0.0.38 answers some refusals with success.
    let complaint: Complaint?
    do throws(JSONProblem) { complaint = try Complaint(answer) } catch {
      throw door.failure("gave what can't be read: \(error)", .change)
    }
    guard let complaint, !complaint.meansDone else { return }
    throw complaint.failure(mayHaveHappened: true)
  }

  // MARK: Versions

  private func ask(
    _ method: Request.Method, _ name: String, query: [Request.Field] = [], body: [UInt8] = [],
    for purpose: RESTDoor.Purpose
  ) async throws(Failure) -> Answer {
    let version = try await version()
    let answer = try await door.answer(
      method, "/slurm/\(version)/\(name)", query: query, body: body, for: purpose)
    guard answer.isOfNothing else { return answer }
    known.withLock { $0 = Known() }
    throw .transient("slurmrestd has no \(version)/\(name) any more")
  }

  /// The first that answers, asked for once, and again when it is gone.
  private func version() async throws(Failure) -> String {
    if let version = known.withLock({ $0.version }) { return version }
    for version in Self.versions {
      let answer = try await door.answer(.get, "/slurm/\(version)/ping", for: .look)
      guard answer.isSuccess else { continue }
      known.withLock { $0.version = version }
      return version
    }
    throw .terminal(
      "slurmrestd serves none of \(Self.versions[0]) to \(Self.versions[Self.versions.count - 1]), "
        + "which setpoint knows: start it with `-s openapi/\(Self.versions[0])` or a later one")
  }
}
