import Glibc
import Subprocess

/// A program of somebody else's, run for one answer at a time: with a deadline, a bound on what it may
/// say, and an environment that is a list of what may be there, not what is left of ours.
///
/// Words go to the process as they are, never through a shell. What a run that was broken off had begun
/// may have happened: only its caller knows what that means.
public struct Tool: Hashable, Sendable {
  /// Looked for along `PATH` of its environment.
  public let name: String
  public let environment: [String: String]

  public init(_ name: String, environment: [String: String]) {
    self.name = name
    self.environment = environment
  }

  /// What a run came to, whatever its exit status is.
  public struct Ended: Hashable, Sendable {
    /// 128 and more where a signal ended it.
    public let status: Int32
    public let output: [UInt8]
    /// What it said against it, line by line, without empty ones.
    public let complaints: [String]

    public var isSuccess: Bool { status == 0 }
  }

  public enum Problem: Error, Hashable, Sendable {
    case notInstalled
    case tooSlow(seconds: Int)
    case tooMuchOutput(bytes: Int)
    /// It could not be started, or its answer could not be read.
    case failed(String)
  }

  private static let complaintBytesMax = 64 << 10

  /// A tool that ends before it has read all of its input must not end us as well.
  private static let ignoresClosedPipes: Bool = signal(SIGPIPE, SIG_IGN) != nil

  /// One run from its start to its end. `variables` are set besides, or instead of those of the tool.
  public func run(
    _ arguments: [String], input: [UInt8] = [], with variables: [String: String] = [:],
    secondsMax: Int, outputBytesMax: Int
  ) async throws(Problem) -> Ended {
    let result = await withTaskGroup(of: Result<Ended, Problem>.self) { group in
      group.addTask { await ended(arguments, input, variables, outputBytesMax) }
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

  private func ended(
    _ arguments: [String], _ input: [UInt8], _ variables: [String: String], _ outputBytesMax: Int
  ) async -> Result<Ended, Problem> {
    _ = Self.ignoresClosedPipes
    let variables = environment.merging(variables) { $1 }.map {
      (Environment.Key(stringLiteral: $0.key), $0.value)
    }
    do {
      let result = try await Subprocess.run(
        .name(name), arguments: Arguments(arguments),
        environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
        input: .inputWriter, output: .bytes(limit: outputBytesMax),
        error: .bytes(limit: Self.complaintBytesMax)
      ) { execution in
        // Handed over as an array, the library would end our own process where the other one does not
        // read it all. Why it does not, it says by its status.
        do { _ = try await execution.standardInputWriter.write(input) } catch { return }
      }
      let complaints = String(decoding: result.standardError, as: UTF8.self)
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      return .success(
        Ended(
          status: status, output: result.standardOutput,
          complaints: complaints.split(separator: "\n").map(String.init)))
    } catch let error as SubprocessError {
      switch error.code {
      case .executableNotFound: return .failure(.notInstalled)
      case .outputLimitExceeded: return .failure(.tooMuchOutput(bytes: outputBytesMax))
      default: return .failure(.failed(error.description))
      }
    } catch {
      return .failure(.failed("\(error)"))
    }
  }
}
