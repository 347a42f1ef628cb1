import HTTP
import Interfaces
import KubernetesImitation
import Loopback
import Model
import Planning
import ProviderContract
import Synchronization
import Testing

@testable import KubernetesProvider

/// An API server that has trouble, or makes some.
@Suite struct ServerTests {
  private let chat: WorkloadSpec = {
    var chat = Fixture.workload(milliDevices: 1000)
    chat.image = "registry.example/chat:1"
    return chat
  }()

  /// A lab with the node `a`, whose imitation fails as `fault` says.
  private func lab(
    token: String? = nil, _ fault: @escaping @Sendable (Loopback.Asked) -> Imitation.Fault?
  ) async throws -> Lab {
    let lab = try await Lab(token: token)
    try await lab.hand.register(node: "a")
    await lab.imitation?.set(fault: fault)
    return lab
  }

  /// Of the requests that `isMeant`, the first `count` fail so.
  private func first(
    _ count: Int, _ fault: Imitation.Fault,
    where isMeant: @escaping @Sendable (Loopback.Asked) -> Bool
  ) -> @Sendable (Loopback.Asked) -> Imitation.Fault? {
    let left = Counter(count)
    return { isMeant($0) && left.take() ? fault : nil }
  }

  private final class Counter: Sendable {
    private let left: Mutex<Int>
    init(_ count: Int) { left = Mutex(count) }

    func take() -> Bool {
      left.withLock { left in
        left -= 1
        return left >= 0
      }
    }
  }

  private func apply(_ step: Step, _ key: String? = nil, in lab: Lab) async throws(Failure) {
    try await apply(step, key, by: lab.provider(), in: lab)
  }

  private func apply(
    _ step: Step, _ key: String? = nil, by provider: KubernetesProvider, in lab: Lab
  ) async throws(Failure) {
    try await provider.apply(step, key: IdempotencyKey(key ?? step.id.text), in: lab.cluster)
  }

  private func failure(_ body: () async throws(Failure) -> Void) async -> Failure? {
    do throws(Failure) {
      try await body()
      return nil
    } catch { return error }
  }

  private func pods(_ lab: Lab) async throws -> [Tree] {
    try await lab.hand.list("/api/v1/namespaces/setpoint/pods")
  }

  @Test func longListsComeInPages() async throws {
    let lab = try await lab { _ in nil }
    for number in 0..<(Way.pageMax + 2) {
      try await lab.hand.run("other-\(number)", on: "a", cpu: "1m")
    }
    #expect(try await lab.provider().observe(lab.cluster).occupants.count == 502)
    // What a page was of may be forgotten before the next one is asked for.
    await lab.imitation?.set(
      fault: first(1, .refusal(410, "Expired")) { $0.query["continue"] != nil })
    #expect(try await lab.provider().observe(lab.cluster).occupants.count == 502)
    await lab.imitation?.set(
      fault: first(9, .refusal(410, "Expired")) { $0.query["continue"] != nil })
    let failure = await failure { () async throws(Failure) in
      _ = try await lab.provider().observe(lab.cluster)
    }
    #expect(failure?.description.contains("forgets its list of /api/v1/pods") == true)
  }

  @Test func aServerThatHasTooMuchToDoIsAskedAgain() async throws {
    let lab = try await lab(first(3, .overload) { $0.method == "POST" })
    try await apply(Fixture.start(chat, on: "a", devices: [0]), in: lab)
    #expect(try await pods(lab).count == 1)
    await lab.imitation?.set { _ in .overload }
    let failure = await failure { () async throws(Failure) in
      _ = try await lab.provider().observe(lab.cluster)
    }
    #expect(failure == .transient("Too many requests, please try again later."))
  }

  @Test(arguments: ["/pods", "/binding"])
  func aLostAnswerMayHaveDoneIt(_ path: String) async throws {
    let lab = try await lab(
      first(1, .lostAnswer) { $0.method == "POST" && $0.path.hasSuffix(path) })
    let step = Fixture.start(chat, on: "a", devices: [0])
    let failure = await failure { () async throws(Failure) in try await apply(step, in: lab) }
    guard case .unknown = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    try await apply(step, in: lab)
    try await apply(step, "another key", in: lab)
    try await lab.hand.settle()
    let seen = try await lab.provider().observe(lab.cluster)
    #expect(try await pods(lab).count == 1)
    #expect(seen.replicas.map(\.phase) == [.ready])
  }

  /// A process that died between making a pod and binding it leaves one that nobody else binds.
  @Test func whatWasMadeAndNotBoundIsAsIfItWereNot() async throws {
    let lab = try await lab(
      first(1, .refusal(500, "InternalError")) { $0.path.hasSuffix("/binding") })
    let step = Fixture.start(chat, on: "a", devices: [0])
    _ = await failure { () async throws(Failure) in try await apply(step, in: lab) }
    #expect(try await pods(lab).count == 1)
    #expect(try await lab.provider().observe(lab.cluster).replicas == [])
    // Decided anew, and somewhere else: what is left of the first decision goes.
    try await apply(Fixture.start(chat, on: "a", devices: [1], incarnation: 2), in: lab)
    #expect(try await pods(lab).count == 1)
    #expect(try await lab.provider().observe(lab.cluster).replicas.map(\.devices) == [[1]])
  }

  @Test func aTokenThatHasExpiredIsReadAgain() async throws {
    let imitation = Imitation(token: "new")
    let loopback = try await Loopback { await imitation.reply(to: $0) }
    let tokens = Counter(1)
    let surroundings = Surroundings(
      environment: [:],
      read: { path in
        if path == "/token" { return Array((tokens.take() ? "old" : "new").utf8) }
        return Array(
          """
          {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
          "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:\(loopback.port)"}}],
          "users": [{"name": "u", "user": {"tokenFile": "/token"}}]}
          """.utf8)
      }, now: Lab.now, wait: { _ in })
    let cluster = Fixture.kubernetes(KubernetesSettings(kubeconfig: "/kubeconfig"))
    #expect(try await KubernetesProvider(surroundings).observe(cluster).isComplete)
  }

  @Test func whoIsNotLetInIsTold() async throws {
    let lab = try await lab(
      first(9, .refusal(401, "Unauthorized")) { $0.path == "/api/v1/nodes" })
    let unknown = await failure { () async throws(Failure) in
      _ = try await lab.provider().observe(lab.cluster)
    }
    #expect(unknown == .terminal("the API server does not know us: refused by a test"))
    await lab.imitation?.set(
      fault: first(9, .refusal(403, "Forbidden")) { $0.path == "/api/v1/nodes" })
    let refused = await failure { () async throws(Failure) in
      _ = try await lab.provider().observe(lab.cluster)
    }
    #expect(refused == .terminal("not permitted: refused by a test"))
  }

  @Test func budgetsOfOthersHold() async throws {
    let lab = try await lab { _ in nil }
    var train = Fixture.workload("train", type: .training)
    train.image = "registry.example/train:1"
    try await apply(Fixture.start(train, on: "a"), in: lab)
    try await lab.hand.ask(
      .post, "/apis/policy/v1/namespaces/setpoint/poddisruptionbudgets",
      [
        "metadata": ["name": "theirs"],
        "spec": [
          "minAvailable": 1, "selector": ["matchLabels": ["setpoint/workload": "train"]],
        ],
      ])
    try await lab.hand.settle()
    let stop = Fixture.stop(train, on: "a")
    let failure = await failure { () async throws(Failure) in try await apply(stop, in: lab) }
    #expect(
      failure
        == .transient(
          "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget "
            + "theirs needs 1 healthy pods and has 1 currently"))
    #expect(try await lab.provider().observe(lab.cluster).replicas.map(\.phase) == [.ready])
    try await lab.hand.ask(
      .delete, "/apis/policy/v1/namespaces/setpoint/poddisruptionbudgets/theirs")
    try await apply(stop, "later", in: lab)
    try await lab.hand.settle()
    #expect(try await pods(lab).isEmpty)
  }

  /// It is there for others, and no plan of ours is held up by it; it goes with the last replica.
  @Test func ourOwnBudgetHoldsForOthersOnly() async throws {
    let lab = try await lab { _ in nil }
    for ordinal in 0..<2 {
      try await apply(Fixture.start(chat, ordinal, on: "a", devices: [ordinal]), in: lab)
    }
    try await lab.hand.settle()
    let budgets = "/apis/policy/v1/namespaces/setpoint/poddisruptionbudgets"
    let services = "/api/v1/namespaces/setpoint/services"
    #expect(try await lab.hand.list(budgets).map { $0[["spec", "minAvailable"]] } == [1])
    #expect(try await lab.hand.list(services).compactMap(\.metaName) == ["chat"])
    for ordinal in 0..<2 {
      try await apply(Fixture.stop(chat, ordinal, on: "a"), in: lab)
    }
    try await lab.hand.settle()
    #expect(try await pods(lab).isEmpty)
    #expect(try await lab.hand.list(budgets).isEmpty)
    #expect(try await lab.hand.list(services).isEmpty)
  }

  @Test func aServiceOfOthersIsNotTakenOver() async throws {
    let lab = try await lab { _ in nil }
    let services = "/api/v1/namespaces/setpoint/services"
    try await lab.hand.ask(
      .post, services,
      ["metadata": ["name": "chat"], "spec": ["clusterIP": "None", "selector": ["app": "x"]]])
    let before = try await lab.hand.list(services)
    let failure = await failure { () async throws(Failure) in
      try await apply(Fixture.start(chat, on: "a", devices: [0]), in: lab)
    }
    #expect(failure == .terminal("\(services)/chat is there already, and is not ours"))
    #expect(try await lab.hand.list(services) == before)
    #expect(try await pods(lab).isEmpty)
  }

  /// What can't be understood may be anything: the look is a partial one.
  @Test func anObjectThatCantBeReadIsNotPassedOver() throws {
    let page = #"{"metadata": {}, "items": [{"metadata": {"name": "a"}}, {"metadata": 7}, 3]}"#
    let nodes = try Listing<KubeNode>(page: Array(page.utf8))
    #expect(nodes.objects.map(\.meta.name) == ["a"] && nodes.unreadableCount == 2)
    var seen = Seen()
    seen.nodes = nodes
    let settings = KubernetesSettings()
    let scene = Scene(Fixture.kubernetes(settings), settings, seen, at: Timestamp(seconds: 0))
    #expect(!scene.observation.isComplete)
    #expect(throws: (any Error).self) { try Listing<KubeNode>(page: Array("{}".utf8)) }
  }
}
