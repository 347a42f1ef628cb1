import KubernetesImitation
import Loopback
import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

/// Members that start together or not at all.
@Suite struct GangTests {
  private let train: WorkloadSpec = {
    var train = Fixture.workload("train", type: .training, cpu: 2, milliDevices: 2000)
    train.image = "registry.example/train:1"
    train.secrets = [SecretReference(name: "hub", key: "token", variable: "HUB_TOKEN")]
    return train
  }()

  private func apply(_ step: Step, in lab: Lab) async throws(Failure) {
    try await lab.provider().apply(step, key: IdempotencyKey(step.id.text), in: lab.cluster)
  }

  private func pods(_ lab: Lab) async throws -> [Tree] {
    try await lab.hand.list("/api/v1/namespaces/setpoint/pods")
  }

  @Test func nobodyRunsBeforeAllAreThere() async throws {
    let lab = try await Lab()
    for node in ["a", "b", "c"] { try await lab.hand.register(node: node) }
    let starts = Fixture.gang(train, on: ["a", "b", "c"], devices: [0, 1])
    // The last member's pod is refused.
    await lab.imitation?.set { asked in
      let isLast = String(decoding: asked.body, as: UTF8.self).contains("\"train-2-")
      return asked.method == "POST" && isLast ? .refusal(403, "Forbidden") : nil
    }
    await #expect(throws: Failure.self) { try await apply(starts[0], in: lab) }
    #expect(try await pods(lab).count == 2)
    #expect(try await pods(lab).allSatisfy { $0[["spec", "nodeName"]] == nil })
    #expect(try await lab.provider().observe(lab.cluster).replicas == [])
    await lab.imitation?.set { _ in nil }
    try await apply(starts[1], in: lab)
    #expect(try await pods(lab).count == 3)
    #expect(
      try await pods(lab).map { $0[["spec", "nodeName"]]?.string } == ["a", "b", "c"])
  }

  @Test func membersFindOneAnother() async throws {
    let lab = try await Lab()
    for node in ["a", "b"] { try await lab.hand.register(node: node) }
    try await apply(Fixture.gang(train, on: ["a", "b"], devices: [0, 1])[0], in: lab)
    let service = try #require(
      try await lab.hand.list("/api/v1/namespaces/setpoint/services").first)
    #expect(service.metaName == "train" && service[["spec", "clusterIP"]] == "None")
    let second = try #require(try await pods(lab).last)
    #expect(second[["spec", "hostname"]] == "train-1" && second[["spec", "subdomain"]] == "train")
    let container = try #require(second[["spec", "containers"]]?.items.first)
    let variables = Dictionary(
      uniqueKeysWithValues: (container["env"]?.items ?? []).compactMap { variable in
        variable["name"]?.string.map { ($0, variable["value"]?.string) }
      })
    #expect(variables["RANK"] == "1" && variables["WORLD_SIZE"] == "2")
    #expect(variables["MASTER_ADDR"] == "train-0.train" && variables["MASTER_PORT"] == "29500")
    #expect(variables["SETPOINT_HOSTS"] == "train-0.train,train-1.train")
    let secret = container["env"]?.items.last?[["valueFrom", "secretKeyRef"]]
    #expect(secret == ["name": "hub", "key": "token"])
    #expect(container[["resources", "limits", "nvidia.com/gpu"]] == "2")
    #expect(second[["spec", "automountServiceAccountToken"]] == false)
  }

  /// Of a member that fails, its failure is seen for a pause, and then that it is not there.
  @Test func aMemberThatFailsIsSeen() async throws {
    let start = Lab.now()
    let lab = try await Lab(now: { start })
    try await lab.hand.register(node: "a")
    try await apply(Fixture.start(train, on: "a", devices: [0, 1]), in: lab)
    try await lab.hand.settle()
    let name = try #require(try await pods(lab).first?.metaName)
    try await lab.hand.end(name, failed: true)
    let failed = try await lab.provider().observe(lab.cluster).replicas
    #expect(failed.map(\.phase) == [.crashLooping] && failed.map(\.restarts) == [1])
    try await lab.hand.end(name, failed: false)
    #expect(try await lab.provider().observe(lab.cluster).replicas.map(\.phase) == [.finished])
  }

  @Test func aServiceThatCrashesIsSeen() async throws {
    let lab = try await Lab()
    try await lab.hand.register(node: "a")
    var chat = Fixture.workload()
    chat.image = "registry.example/chat:1"
    try await apply(Fixture.start(chat, on: "a"), in: lab)
    try await lab.hand.settle()
    let name = try #require(try await pods(lab).first?.metaName)
    try await lab.hand.crash(name, restarts: 5)
    let crashing = try await lab.provider().observe(lab.cluster).replicas
    #expect(crashing.map(\.phase) == [.crashLooping] && crashing.map(\.restarts) == [5])
  }
}
