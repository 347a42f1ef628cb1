import HTTP
import Interfaces
import Loopback
import Model
import Planning
import PrometheusSource
import Testing

/// What becomes of the answers of a Prometheus, and of none.
@Suite struct PrometheusSourceTests {
  private func cluster(_ port: Int, tokenFile: String? = nil, timeout: Int64 = 30) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: "lab"), region: "r", zones: ["z"],
      prometheus: PrometheusSettings(
        url: "http://127.0.0.1:\(port)/prom", tokenFile: tokenFile, timeout: Seconds(timeout)))
  }

  private let source = PrometheusSource { (path) throws(Unreadable) in
    switch path {
    case "/token": return Array("secret-word\n".utf8)
    case "/words": return Array("two words".utf8)
    default: throw Unreadable("no such file")
    }
  }

  /// What is asked of, and what comes of, one query.
  private func value(
    _ status: Int, _ body: String, tokenFile: String? = nil
  ) async throws -> Result<Double?, Failure> {
    let server = try await Loopback { asked in
      guard asked.path == "/prom/api/v1/query", asked.query["query"] == "sum(a{b=\"c d\"}) > 1"
      else { return .text(404, "wrong path") }
      if let tokenFile, asked["authorization"] != "Bearer secret-word" {
        return .text(401, "\(tokenFile) was not read")
      }
      return .text(status, body)
    }
    do throws(Failure) {
      return .success(
        try await source.value(
          of: "sum(a{b=\"c d\"}) > 1", in: cluster(server.port, tokenFile: tokenFile)))
    } catch {
      return .failure(error)
    }
  }

  private static func success(_ type: String, _ result: String) -> String {
    #"{"status":"success","data":{"resultType":"\#(type)","result":\#(result)}}"#
  }

  @Test func aVectorOfOneSeriesAndAScalarAreNumbers() async throws {
    let vector = Self.success("vector", #"[{"metric":{"a":"b"},"value":[1435781451.781,"12.5"]}]"#)
    #expect(try await value(200, vector) == .success(12.5))
    let scalar = Self.success("scalar", #"[1435781451.781,"3e2"]"#)
    #expect(try await value(200, scalar) == .success(300))
  }

  @Test func nothingIsNotZero() async throws {
    #expect(try await value(200, Self.success("vector", "[]")) == .success(nil))
  }

  @Test func whatIsNoNumberIsToldAsItIs() async throws {
    let body = Self.success("vector", #"[{"metric":{},"value":[1,"NaN"]}]"#)
    let value = try await value(200, body).get()
    #expect(value?.isNaN == true)
    let infinite = Self.success("vector", #"[{"metric":{},"value":[1,"+Inf"]}]"#)
    #expect(try await self.value(200, infinite) == .success(.infinity))
  }

  @Test func ofSeveralSeriesNoneIsGuessed() async throws {
    let two = #"[{"metric":{},"value":[1,"1"]},{"metric":{},"value":[1,"2"]}]"#
    let failure = try await value(200, Self.success("vector", two))
    #expect(
      failure
        == .failure(
          .terminal(
            "the query gives 2 series, and one number is asked for: add them up with 'sum(…)'")))
  }

  @Test(
    arguments: [
      (
        400, #"{"status":"error","errorType":"bad_data","error":"parse error"}"#, "parse error",
        true
      ),
      (401, "who are you", "it answered with status 401", true),
      (503, "busy", "it answered with status 503", false),
      (200, #"{"status":"error","errorType":"timeout","error":"too slow"}"#, "too slow", false),
    ])
  func refusalsAreTold(_ status: Int, _ body: String, _ said: String, _ isFinal: Bool) async throws
  {
    switch try await value(status, body) {
    case .failure(.terminal(let detail)): #expect(isFinal && detail.hasSuffix(said))
    case .failure(.transient(let detail)): #expect(!isFinal && detail.hasSuffix(said))
    case let other: Issue.record("\(other)")
    }
  }

  @Test(
    arguments: [
      "", "<html>", "{}", #"{"status":"success","data":{"result":[{"value":["1",2]}]}}"#,
      #"{"status":"success","data":{"result":[{"value":[1,"a"]}]}}"#,
    ])
  func whatCantBeReadIsNoLoad(_ body: String) async throws {
    guard case .failure(.transient) = try await value(200, body) else {
      Issue.record("it was taken for a load")
      return
    }
  }

  @Test func aTokenIsReadFromItsFileAndShownToTheServerOnly() async throws {
    let body = Self.success("scalar", #"[1,"1"]"#)
    #expect(try await value(200, body, tokenFile: "/token") == .success(1))
    let failure = try await value(200, body, tokenFile: "/elsewhere")
    #expect(
      failure == .failure(.transient("the token in '/elsewhere' can't be read: no such file")))
    let words = try await value(200, body, tokenFile: "/words")
    #expect(words == .failure(.terminal("'/words' holds no token: it must be one word")))
  }

  @Test func nobodyThereAndNoAnswerMayPass() async throws {
    let server = try await Loopback { _ in .silence }
    await #expect(throws: Failure.self) {
      try await source.value(of: "a", in: cluster(server.port, timeout: 1))
    }
    try await server.close()
    let gone = await #expect(throws: Failure.self) {
      try await source.value(of: "a", in: cluster(server.port))
    }
    guard case .transient = gone else {
      Issue.record("\(String(describing: gone))")
      return
    }
  }

  @Test func aClusterWithoutAPrometheusIsNotAsked() async {
    var cluster = cluster(1)
    cluster.prometheus = nil
    await #expect(throws: Failure.terminal("cluster 'lab' has no 'prometheus'")) {
      try await source.value(of: "a", in: cluster)
    }
  }

  @Test func thePastIsAListOfMoments() async throws {
    let server = try await Loopback { asked in
      guard asked.path == "/prom/api/v1/query_range", asked.query["start"] == "0",
        asked.query["end"] == "60", asked.query["step"] == "30"
      else { return .text(404, "wrong question") }
      return .text(
        200, Self.success("matrix", #"[{"metric":{},"values":[[0,"1"],[30,"2"],[60,"4"]]}]"#))
    }
    let values = try await source.values(
      of: "a", in: cluster(server.port), from: Timestamp(seconds: 0), to: Timestamp(seconds: 60),
      every: Seconds(30))
    #expect(values.map(\.at.seconds) == [0, 30, 60])
    #expect(values.map(\.value) == [1, 2, 4])
  }

  /// Series are told apart by one label, and what they share is added up.
  @Test func seriesByALabel() async throws {
    let server = try await Loopback { _ in
      .text(
        200,
        """
        {"status": "success", "data": {"resultType": "vector", "result": [
          {"metric": {"instance": "a:80", "gpu": "0"}, "value": [1700000000, "2"]},
          {"metric": {"instance": "a:80", "gpu": "1"}, "value": [1700000000, "3"]},
          {"metric": {"instance": "b:80"}, "value": [1700000000, "NaN"]},
          {"metric": {"gpu": "4"}, "value": [1700000000, "7"]}]}}
        """)
    }
    let sums = try await source.series(of: "q", by: "instance", in: cluster(server.port))
    #expect(sums["a:80"] == 5 && sums["b:80"]?.isNaN ?? false && sums.count == 2)
  }
}
