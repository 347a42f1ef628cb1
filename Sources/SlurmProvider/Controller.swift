import HTTP
import JSON
import Model
import Planning
import Transport

/// The door to one Slurm: what it lists, and what it is asked to do. Behind it stand its tools, or
/// slurmrestd and its tools.
protocol Controller: Sendable {
  func nodes() async throws(Failure) -> Listing<SlurmNode>
  /// Those that ended not long ago included.
  func jobs() async throws(Failure) -> Listing<SlurmJob>
  /// Those to come included.
  func reservations() async throws(Failure) -> Listing<SlurmReservation>
  func partitions() async throws(Failure) -> Listing<SlurmPartition>
  func carryOut(_ move: Move) async throws(Failure)
}

/// Slurm by its command-line tools.
struct SlurmTools: Controller {
  let settings: SlurmSettings
  private let environment: [String: String]

  /// 20,000 jobs come to about 50 MB.
  private static let outputBytesMax = 256 << 20
  /// What is said to a change is a line or two. Room for all of it is set aside while a tool runs, and
  /// many run at once.
  private static let wordsBytesMax = 1 << 20

  /// The tools are looked for along `searchPath`.
  init(_ settings: SlurmSettings, searchPath: String) {
    self.settings = settings
    environment = [
      "PATH": searchPath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent",
      // Times as seconds since 1970.
      "SLURM_TIME_FORMAT": "%s",
    ].merging(settings.configuration.map { ["SLURM_CONF": $0] } ?? [:]) { $1 }
  }

  func nodes() async throws(Failure) -> Listing<SlurmNode> {
    try await list(.nodes) { (json) throws(JSONProblem) in try SlurmNode.list(json) }
  }

  func jobs() async throws(Failure) -> Listing<SlurmJob> {
    try await list(.jobs) { (json) throws(JSONProblem) in try SlurmJob.list(json) }
  }

  func reservations() async throws(Failure) -> Listing<SlurmReservation> {
    SlurmReservation.list(String(decoding: try await answer(.reservations), as: UTF8.self))
  }

  func partitions() async throws(Failure) -> Listing<SlurmPartition> {
    SlurmPartition.list(String(decoding: try await answer(.partitions), as: UTF8.self))
  }

  private func list<Element>(
    _ command: SlurmCommand, _ read: ([UInt8]) throws(JSONProblem) -> Listing<Element>
  ) async throws(Failure) -> Listing<Element> {
    let answer = try await answer(command)
    let listing: Listing<Element>
    do { listing = try read(answer) } catch {
      throw .transient("\(command.tool.rawValue) --json gave what can't be read: \(error)")
    }
    guard let error = listing.error else { return listing }
    throw Complaint(speaker: command.tool.rawValue, error).failure(mayHaveHappened: false)
  }

  private func answer(_ command: SlurmCommand) async throws(Failure) -> [UInt8] {
    let ended = try await run(command, mayHaveHappened: false)
    guard ended.isSuccess else { throw Complaint(command, ended).failure(mayHaveHappened: false) }
    return ended.output
  }

  func carryOut(_ move: Move) async throws(Failure) {
    guard let command = SlurmCommand(move, settings) else { return }
    let ended = try await run(command, mayHaveHappened: true)
    let complaint = Complaint(command, ended)
    guard !ended.isSuccess, !complaint.meansDone else { return }
    throw complaint.failure(mayHaveHappened: true)
  }

  private func run(
    _ command: SlurmCommand, mayHaveHappened: Bool
  ) async throws(Failure) -> Tool.Ended {
    do {
      return try await Tool(command.tool.rawValue, environment: environment).run(
        command.arguments, input: Array(command.input.utf8),
        secondsMax: Int(clamping: max(1, settings.timeout.count)),
        outputBytesMax: mayHaveHappened ? Self.wordsBytesMax : Self.outputBytesMax)
    } catch {
      throw error.failure(of: command.tool, mayHaveHappened: mayHaveHappened)
    }
  }
}

extension Tool.Problem {
  fileprivate func failure(of tool: SlurmCommand.Tool, mayHaveHappened: Bool) -> Failure {
    switch self {
    case .notInstalled:
      .terminal("there is no '\(tool.rawValue)' in PATH: are Slurm's tools installed?")
    case .tooSlow(let seconds):
      mayHaveHappened
        ? .unknown("Slurm gave no answer in \(seconds) s")
        : .transient("Slurm gave no answer in \(seconds) s")
    case .tooMuchOutput(let bytes):
      mayHaveHappened
        ? .unknown("Slurm's answer has more than \(bytes) bytes")
        : .transient("Slurm's answer has more than \(bytes) bytes")
    case .failed(let detail):
      mayHaveHappened ? .unknown(detail) : .transient(detail)
    }
  }
}

/// What Slurm said against what it was asked.
struct Complaint: Hashable, Sendable {
  /// The tool, or `slurmrestd`.
  let speaker: String
  let text: String
  /// Whether it was broken off, so that nobody knows how far it came.
  let isCutOff: Bool

  /// The last line of a tool, without its own name.
  init(_ command: SlurmCommand, _ ended: Tool.Ended) {
    speaker = command.tool.rawValue
    isCutOff = ended.status >= 128
    var line = ended.complaints.last ?? ""
    let own = "\(speaker): "
    if line.hasPrefix(own) { line.removeFirst(own.count) }
    text = line.isEmpty ? "exit status \(ended.status)" : line
  }

  /// The first error that an answer of slurmrestd names, whatever its status is; nil where there is
  /// none.
  init?(_ answer: Answer) throws(JSONProblem) {
    guard let text = try RESTError.first(in: answer.body) else { return nil }
    self.init(speaker: "slurmrestd", text)
  }

  init(speaker: String, _ text: String) {
    self.speaker = speaker
    self.text =
      text == RESTError.unspecified ? "\(text), as of a token that is not accepted" : text
    isCutOff = false
  }

  /// Whether what was asked for is so already.
  var meansDone: Bool {
    has("Invalid job id specified") || has("already completing or completed")
      || has("already finished") || has("Kill job error") && has("Invalid job id")
  }

  /// Slurm's texts are its interface here: its tools give one exit status for all of it.
  func failure(mayHaveHappened: Bool) -> Failure {
    let said = "\(speaker): \(text)"
    if isCutOff { return mayHaveHappened ? .unknown(said) : .transient(said) }
    // The request may have arrived, and only its answer not.
    if Self.lostAnswers.contains(where: has) {
      return mayHaveHappened ? .unknown(said) : .transient(said)
    }
    if Self.conflicts.contains(where: has) { return .conflict(said) }
    if Self.final.contains(where: has) { return .terminal(said) }
    return .transient(said)
  }

  private func has(_ words: String) -> Bool { text.contains(words) }

  private static let lostAnswers = [
    "timed out", "Zero Bytes", "Unexpected message", RESTError.unspecified,
  ]

  /// What is there is not what was planned on.
  private static let conflicts = [
    "Invalid node name", "Invalid node state", "Requested node configuration is not available",
    "Requested nodes are busy", "Required node not available",
  ]

  /// A person has to change something.
  private static let final = [
    "nvalid partition", "nvalid account", "nvalid qos", "nvalid reservation", "denied",
    "not permitted", "Invalid generic resource", "authentication", "Invalid user",
    "nvalid argument", "nrecognized option", "Unable to process configuration file",
  ]
}
