import FaultProxy
import HTTP
import KubernetesImitation
import Loopback
import Model
import Planning
import ProviderContract
import Synchronization
import TestSupport
import Testing

@testable import KubernetesProvider

/// An API server behind a way on which requests and answers get lost.
@Suite final class FaultTests {
  private let lab: Lab
  private let proxy: FaultProxy
  private var provider: KubernetesProvider
  private let chat: WorkloadSpec = {
    var chat = Fixture.workload(milliDevices: 1000)
    chat.image = "registry.example/chat:1"
    return chat
  }()

  private static let pods = "/api/v1/namespaces/setpoint/pods"

  init() async throws {
    lab = try await Lab(throughProxy: true)
    proxy = try #require(lab.proxy)
    provider = lab.provider()
    try await lab.hand.register(node: "a")
    try await lab.hand.register(node: "b")
    try await lab.hand.run("theirs", on: "b", cpu: "1")
    try await lab.hand.settle()
  }

  /// The process dies, and another one comes.
  private func startAnew() { provider = lab.provider() }

  private func look() async throws(Failure) -> Observation {
    try await provider.observe(lab.cluster)
  }

  private func apply(_ step: Step) async throws(Failure) {
    try await provider.apply(step, key: IdempotencyKey(step.id.text), in: lab.cluster)
  }

  private func failure(_ body: () async throws(Failure) -> Void) async -> Failure? {
    do throws(Failure) {
      try await body()
      return nil
    } catch { return error }
  }

  private func failureOfLook() async -> Failure? {
    await failure { () async throws(Failure) in _ = try await look() }
  }

  private func standing() async throws -> [String] {
    try await lab.hand.list(Self.pods).compactMap { pod in
      pod[["spec", "nodeName"]]?.string.map { "\(pod.metaName?.prefix(6) ?? "") on \($0)" }
    }.sorted()
  }

  /// What is somebody else's is there, and as it was.
  private func theirs() async throws -> [Tree?] {
    try await lab.hand.list("/api/v1/namespaces/default/pods").map {
      $0[["metadata", "resourceVersion"]]
    }
  }

  /// A look that was lost or spoiled shows nothing at all, and the next one everything.
  @Test(arguments: ["/api/v1/nodes", "/api/v1/pods", "/api/v1/namespaces/setpoint/events"])
  func aSpoiledLookIsNoEmptyCluster(_ path: String) async throws {
    try await apply(Fixture.start(chat, on: "a", devices: [0]))
    try await lab.hand.settle()
    let faults: [Fault] = [
      .dropBefore, .dropAfter, .hold, .answer(503, ""), .answer(500, "<html>"),
      .answer(401, "Unauthorized"), .truncate(bytes: 9), .replace("{}"),
      .replace(#"{"metadata": {}, "items": [{"meta"#),
    ]
    for fault in faults {
      startAnew()
      proxy.spoil { $0.path == path ? fault : nil }
      switch await failureOfLook() {
      case .transient: #expect(fault != .answer(401, "Unauthorized"), "\(fault)")
      case .terminal: #expect(fault == .answer(401, "Unauthorized"), "\(fault)")
      case let other: Issue.record("\(fault): \(String(describing: other))")
      }
      proxy.spoil { _ in nil }
      #expect(try await look().replicas.map(\.phase) == [.ready], "after \(fault)")
    }
  }

  /// An object that nobody can read may be anything, so nothing is taken for gone.
  @Test func aMalformedObjectMakesTheLookAPartialOne() async throws {
    try await apply(Fixture.start(chat, on: "a", devices: [0]))
    proxy.spoil { asked in
      asked.path == "/api/v1/pods"
        ? .replace(#"{"metadata": {"resourceVersion": "9"}, "items": [{"metadata": 7}, "pod"]}"#)
        : nil
    }
    startAnew()
    #expect(try await !look().isComplete)
    proxy.spoil { _ in nil }
    #expect(try await look().isComplete)
    #expect(try await look().replicas.count == 1)
  }

  /// A start makes a pod, a way to reach it, and binds; a stop is noted, and the pod evicted. Each may
  /// get lost on either way: asked for again it is done, once, and nothing else is.
  @Test(
    arguments: [
      Fault.dropBefore, .dropAfter, .hold, .answer(503, ""), .answer(401, ""),
    ])
  func aLostChangeIsMadeOnce(_ fault: Fault) async throws {
    let before = try await theirs()
    let kept = Fixture.start(chat, 99, on: "b", devices: [3])
    try await apply(kept)
    let ends = ["/pods", "/binding", "/services/chat", "/events", "/eviction"]
    for (ordinal, end) in ends.enumerated() {
      // What is made once for all of a process is made anew.
      startAnew()
      proxy.spoil { $0.method != "GET" && $0.path.hasSuffix(end) ? fault : nil }
      let start = Fixture.start(chat, ordinal, on: "a", devices: [0])
      let stop = Fixture.stop(chat, ordinal, on: "a")
      let isOfStart = ordinal < 3
      let said = await failure { () async throws(Failure) in try await apply(start) }
      #expect((said != nil) == isOfStart, "\(end)")
      if ordinal % 2 == 0 { startAnew() }
      if isOfStart { proxy.spoil { _ in nil } }
      try await apply(start)
      try await lab.hand.settle()
      #expect(try await standing() == ["chat-\(ordinal) on a", "chat-9 on b"], "\(end)")
      #expect(try await look().replicas.map(\.phase) == [.ready, .ready], "\(end)")
      let refused = await failure { () async throws(Failure) in try await apply(stop) }
      #expect((refused != nil) == !isOfStart, "\(end)")
      proxy.spoil { _ in nil }
      if ordinal % 2 == 0 { startAnew() }
      try await apply(stop)
      try await lab.hand.settle()
      #expect(try await standing() == ["chat-9 on b"], "\(end)")
      // A start that arrives late makes nothing.
      try await apply(start)
      #expect(try await standing() == ["chat-9 on b"], "\(end)")
    }
    #expect(try await theirs() == before)
  }

  /// A third of all requests get lost or spoiled, and Setpoint dies now and then. Whoever asks until it
  /// is told "done" gets what it asked for, once.
  @Test(arguments: [1, 2]) func whateverGetsLost(_ seed: UInt64) async throws {
    let before = try await theirs()
    let faults: [Fault?] = [
      .dropBefore, .dropAfter, .answer(500, "<html>"), .truncate(bytes: 40), nil, nil, nil, nil,
      nil, nil, nil, nil,
    ]
    proxy.spoil { _, count in
      var random = SeededRandom(seed: seed &* 1000 &+ UInt64(count))
      return faults.randomElement(using: &random) ?? nil
    }
    var random = SeededRandom(seed: seed)
    var train = Fixture.workload("train", type: .training)
    train.image = "registry.example/train:1"
    let starts = (0..<4).map {
      Fixture.start(chat, $0, on: $0 % 2 == 0 ? "a" : "b", devices: [$0])
    }
    let stops = (0..<2).map { Fixture.stop(chat, $0, on: $0 % 2 == 0 ? "a" : "b") }
    for step in starts + Fixture.gang(train, on: ["a", "b"]) + stops {
      var isDone = false
      for _ in 0..<1000 where !isDone {
        if Int.random(in: 0..<4, using: &random) == 0 { startAnew() }
        isDone = await failure { () async throws(Failure) in try await apply(step) } == nil
      }
      #expect(isDone, "\(step.id)")
    }
    proxy.spoil { _ in nil }
    try await lab.hand.settle()
    #expect(
      try await standing() == ["chat-2 on a", "chat-3 on b", "train- on a", "train- on b"])
    #expect(try await lab.hand.list(Self.pods).count == 4)
    #expect(try await theirs() == before)
    #expect(proxy.passed.contains { $0.fault == .dropAfter })
  }

  /// Nobody is let in until the token has been renewed, and nothing else is needed then.
  @Test func aTokenRunsOutAndIsRenewed() async throws {
    let current = Mutex("old")
    let lab = try await Lab(
      token: "new", throughProxy: true,
      read: { path throws(Unreadable) in
        guard path == "/token" else { throw Unreadable("there is no \(path)") }
        return Array(current.withLock { $0 }.utf8)
      })
    try await lab.hand.register(node: "a")
    let provider = lab.provider()
    let said = await failure { () async throws(Failure) in
      _ = try await provider.observe(lab.cluster)
    }
    #expect(said == .terminal("the API server does not know us: Unauthorized"))
    current.withLock { $0 = "new" }
    #expect(try await provider.observe(lab.cluster).nodes.map(\.phase) == [.ready])
    let tokens = Set(try #require(lab.proxy).passed.compactMap { $0.asked["authorization"] })
    #expect(tokens == ["Bearer old", "Bearer new"])
  }

  /// One that answers late is waited for as long as was said, and not longer.
  @Test func aServerThatIsSlow() async throws {
    proxy.spoil { _ in .delay(milliseconds: 20) }
    #expect(try await look().nodes.count == 2)
    proxy.spoil { _ in .hold }
    #expect(await failureOfLook() == .transient("API server: no answer in 3 s"))
    proxy.spoil { _ in nil }
    #expect(try await look().nodes.count == 2)
  }

  /// A server that restarts ends all watches, remembers nothing from before, and is gone for a while.
  @Test(arguments: [false, true]) func aServerThatRestarts(_ forgets: Bool) async throws {
    let imitation = try #require(lab.imitation)
    for _ in 0..<3 { _ = try await look() }
    await lab.followed()
    proxy.spoil { _ in .dropBefore }
    if forgets { await imitation.compact() }
    await imitation.endWatches()
    try await lab.hand.run("meanwhile", on: "a")
    proxy.spoil { _ in nil }
    var seen: [String] = []
    for _ in 0..<1000 where seen.count < 2 {
      do throws(Failure) { seen = try await look().occupants.map(\.name).sorted() } catch {
        // While the connections are being lost.
        guard case .transient = error else { throw error }
      }
    }
    #expect(seen == ["default/meanwhile", "default/theirs"])
  }

  /// What happened is not remembered any more (410) when a watch is to go on: all is listed anew.
  @Test func aWatchThatIsGone() async throws {
    let imitation = try #require(lab.imitation)
    for _ in 0..<3 { _ = try await look() }
    await lab.followed()
    proxy.spoil { asked in
      asked.query["watch"] == nil
        ? nil
        : .answer(
          410, #"{"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410}"#)
    }
    await imitation.endWatches()
    try await lab.hand.run("meanwhile", on: "a")
    var seen: [String] = []
    for _ in 0..<1000 where seen.count < 2 {
      seen = try await look().occupants.map(\.name).sorted()
    }
    #expect(seen == ["default/meanwhile", "default/theirs"])
    #expect(proxy.passed.contains { $0.fault != nil })
  }
}
