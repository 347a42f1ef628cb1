import Subprocess

/// Runs Slurm's tools as processes, with bounded time and output, and an environment that is a list of
/// what may be there.
struct ToolRunner: Sendable {
  struct Ended: Hashable, Sendable {
    var status: Int32
    var output: [UInt8]
    var complaint: String
  }

  enum Problem: Error, Hashable, Sendable {
    case noTool(String)
    case tooSlow(seconds: Int64)
    case tooMuchOutput(bytes: Int)
    case failed(String)
  }

  /// Where the tools are looked for.
  let searchPath: String
  /// Of slurm.conf; the tools' own where nil.
  let configuration: String?
  let secondsMax: Int64

  /// 20,000 jobs come to about 50 MB.
  static let outputBytesMax = 256 << 20
  private static let complaintBytesMax = 64 << 10

  private var environment: [Environment.Key: String] {
    var environment: [Environment.Key: String] = [
      "PATH": searchPath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent",
    ]
    if let configuration { environment["SLURM_CONF"] = configuration }
    return environment
  }

  /// One run from its start to its end, whatever its exit status is.
  func run(_ command: SlurmCommand) async throws(Problem) -> Ended {
    let result = await withTaskGroup(of: Result<Ended, Problem>.self) { group in
      group.addTask { await ended(command) }
      group.addTask {
        let late = Result<Ended, Problem>.failure(.tooSlow(seconds: secondsMax))
        // Cancelled means that the tool has ended, and then nobody asks for this any more.
        do { try await Task.sleep(for: .seconds(secondsMax)) } catch { return late }
        return late
      }
      let first = await group.next() ?? .failure(.tooSlow(seconds: secondsMax))
      group.cancelAll()
      return first
    }
    return try result.get()
  }

  private func ended(_ command: SlurmCommand) async -> Result<Ended, Problem> {
    do {
      let result = try await Subprocess.run(
        .name(command.tool.rawValue), arguments: Arguments(command.arguments),
        environment: .custom(environment), input: .array(Array(command.input.utf8)),
        output: .bytes(limit: Self.outputBytesMax), error: .bytes(limit: Self.complaintBytesMax))
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      return .success(
        Ended(
          status: status, output: result.standardOutput,
          complaint: String(decoding: result.standardError, as: UTF8.self)))
    } catch let error as SubprocessError {
      switch error.code {
      case .executableNotFound: return .failure(.noTool(command.tool.rawValue))
      case .outputLimitExceeded: return .failure(.tooMuchOutput(bytes: Self.outputBytesMax))
      default: return .failure(.failed(error.description))
      }
    } catch {
      return .failure(.failed("\(error)"))
    }
  }
}
