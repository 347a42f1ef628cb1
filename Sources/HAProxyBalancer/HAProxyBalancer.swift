public import Balancing
public import Interfaces
public import Model
public import Planning
import Transport

/// HAProxy, told by a file that it reads and, where it has one, by its runtime API.
///
/// A change is in the file before HAProxy hears of it, so that whatever has it read its files finds the
/// same. A file that it does not take is put back as it was: it must not keep HAProxy from starting
/// once more.
public actor HAProxyBalancer: Balancer {
  private let searchPath: String
  /// What each is known to go by.
  private var running: [ClusterName: EndpointTable] = [:]

  private static let outputBytesMax = 1 << 20

  /// Commands are looked for along `searchPath`.
  public init(searchPath: String) { self.searchPath = searchPath }

  public func publish(
    _ table: EndpointTable, in cluster: ClusterSpec
  ) async throws(Failure) {
    guard let settings = cluster.haproxy else {
      throw .terminal("cluster '\(cluster.name)' has no HAProxy")
    }
    let text = HAProxyText.file(table)
    let file = WatchedFile(settings.file)
    let before = try file.read()
    let isKnown = !file.isUnheard
    guard before != text || !isKnown else {
      running[cluster.name] = table
      return
    }
    if isKnown, try await changesWhileItRuns(to: table, text, file, settings) { return }
    try file.replace(with: text, unheard: true)
    do throws(Failure) {
      try await reload(settings)
    } catch {
      if let before { try file.replace(with: before, unheard: !isKnown) }
      throw error
    }
    file.markHeard()
    running[cluster.name] = table
  }

  /// Whether HAProxy took the change without reading its files anew.
  private func changesWhileItRuns(
    to table: EndpointTable, _ text: String, _ file: WatchedFile, _ settings: HAProxySettings
  ) async throws(Failure) -> Bool {
    guard let path = settings.socket, let old = running[table.cluster],
      let commands = HAProxyText.commands(from: old, to: table)
    else { return false }
    try file.replace(with: text, unheard: true)
    do throws(RuntimeAPI.Problem) {
      try RuntimeAPI(path: path).run(commands)
    } catch {
      // A reload takes longer and says what is wrong.
      return false
    }
    file.markHeard()
    running[table.cluster] = table
    return true
  }

  private func reload(_ settings: HAProxySettings) async throws(Failure) {
    guard let name = settings.reload.first else { throw .terminal("there is no command to reload") }
    // A tool has a name; what has a path is started by `env`.
    let words = name.contains("/") ? ["env"] + settings.reload : settings.reload
    let ended: Tool.Ended
    do throws(Tool.Problem) {
      ended = try await Tool(words[0], environment: ["PATH": searchPath]).run(
        Array(words.dropFirst()), secondsMax: Int(clamping: settings.timeout.count),
        outputBytesMax: Self.outputBytesMax)
    } catch {
      throw .transient("'\(name)' did not reload HAProxy: \(error.words)")
    }
    guard ended.isSuccess else {
      let why = ended.complaints.last.map { ": \($0)" } ?? ""
      throw .transient(
        "'\(settings.reload.joined(separator: " "))' ended with status \(ended.status)\(why)")
    }
  }
}

extension Tool.Problem {
  fileprivate var words: String {
    switch self {
    case .notInstalled: "it is not there"
    case .tooSlow(let seconds): "it took more than \(seconds) seconds"
    case .tooMuchOutput(let bytes): "it wrote more than \(bytes) bytes"
    case .failed(let why): why
    }
  }
}
