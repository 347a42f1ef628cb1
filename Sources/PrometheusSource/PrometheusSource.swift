public import HTTP
public import Interfaces
public import Model
public import Planning
import Synchronization

/// Prometheus by its HTTP API, `/api/v1/query` and `/api/v1/query_range`.
///
/// Where one number is asked for, a query must come to one: a scalar, or a vector of one series. Of
/// several series it is not guessed which one is meant.
public final class PrometheusSource: MetricsSource, LoadSource {
  /// The bytes of a file.
  private let read: @Sendable (String) throws(Unreadable) -> [UInt8]
  private let servers = Mutex<[PrometheusSettings: Server]>([:])

  private static let answerBytesMax = 16 << 20

  /// Tokens are read by `read`, anew for each question.
  public init(read: @escaping @Sendable (_ path: String) throws(Unreadable) -> [UInt8]) {
    self.read = read
  }

  public func value(
    of query: String, in cluster: ClusterSpec
  ) async throws(Failure) -> Double? {
    let answer = try await ask(cluster, "/api/v1/query", [Request.Field("query", query)])
    return try answer.measurements().last?.value
  }

  public func values(
    of query: String, in cluster: ClusterSpec, from start: Timestamp, to end: Timestamp,
    every interval: Seconds
  ) async throws(Failure) -> [Measurement] {
    try await ask(
      cluster, "/api/v1/query_range",
      [
        Request.Field("query", query), Request.Field("start", "\(start.seconds)"),
        Request.Field("end", "\(end.seconds)"), Request.Field("step", "\(interval.count)"),
      ]
    ).measurements()
  }

  public func series(
    of query: String, by label: String, in cluster: ClusterSpec
  ) async throws(Failure) -> [String: Double] {
    try await ask(cluster, "/api/v1/query", [Request.Field("query", query)]).sums(by: label)
  }

  private func ask(
    _ cluster: ClusterSpec, _ path: String, _ query: [Request.Field]
  ) async throws(Failure) -> PrometheusAnswer {
    guard let settings = cluster.prometheus else {
      throw .terminal("cluster '\(cluster.name)' has no 'prometheus'")
    }
    let credential: Credential? = try settings.tokenFile.map { (path) throws(Failure) in
      .bearer(try token(path))
    }
    let seconds = Int(clamping: max(1, settings.timeout.count))
    let request = Request(
      .get, path, query: query + [Request.Field("timeout", "\(seconds)s")],
      credential: credential, secondsMax: seconds, answerBytesMax: Self.answerBytesMax)
    let answer: Answer
    do throws(Problem) {
      answer = try await server(settings).answer(to: request)
    } catch {
      throw .transient("Prometheus at \(settings.url): \(error)")
    }
    return PrometheusAnswer(answer, from: settings.url)
  }

  /// It may be put there, or made readable, at any moment.
  private func token(_ path: String) throws(Failure) -> String {
    let bytes: [UInt8]
    do throws(Unreadable) { bytes = try read(path) } catch {
      throw .transient("the token in '\(path)' can't be read: \(error.reason)")
    }
    guard let word = Credential.word(in: String(decoding: bytes, as: UTF8.self)) else {
      throw .terminal("'\(path)' holds no token: it must be one word")
    }
    return word
  }

  private func server(_ settings: PrometheusSettings) throws(Problem) -> Server {
    if let server = servers.withLock({ $0[settings] }) { return server }
    let server = try Server(try Address(settings.url))
    return servers.withLock { servers in
      if let other = servers[settings] { return other }
      servers[settings] = server
      return server
    }
  }
}
