import Foundation
import Interfaces
import KubernetesImitation
import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

/// The rules speak of workloads without an image, which other providers can do without.
private struct Imaged: Provider {
  let provider: KubernetesProvider

  func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    try await provider.observe(cluster)
  }

  func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    let step = Fixture.with(image: "registry.example/main:1", step)
    try await provider.apply(step, key: key, in: cluster)
  }
}

struct KubernetesHarness: ProviderHarness {
  let lab: Lab
  let provider: any Provider

  init(_ lab: Lab) {
    self.lab = lab
    provider = Imaged(provider: lab.provider())
  }

  var cluster: ClusterSpec { lab.cluster }

  func settle() async throws {
    try await lab.hand.settle()
    try await catchUp()
  }

  /// Watches tell of what others do a moment later.
  private func catchUp() async throws {
    func seen(_ provider: any Provider) async throws -> Observation {
      var seen = try await provider.observe(cluster)
      seen.at = Timestamp(seconds: 0)
      return seen
    }
    for _ in 0..<1000 {
      if try await seen(provider) == seen(try await restarted()) { return }
    }
    Issue.record("the watches never catch up")
  }

  func restarted() async throws -> any Provider { Imaged(provider: lab.provider()) }

  func add(foreign node: ObservedNode) async throws {
    try await lab.hand.register(node: node.id.name)
    try await catchUp()
  }

  func occupy(_ node: NodeID, with name: String, _ resources: ReplicaResources) async throws {
    let devices = Int(clamping: (resources.accelerator?.milliDevices ?? 0) / 1000)
    try await lab.hand.run(name, on: try await place(of: node), devices: devices)
    try await settle()
  }

  func lose(_ node: NodeID) async throws {
    try await lab.hand.lose(node: try await place(of: node))
    try await catchUp()
  }

  /// What Kubernetes calls it.
  private func place(of node: NodeID) async throws -> String {
    let seen = try await APIServer(lab.settings, lab.surroundings).look(showing: [])
    let scene = Scene(cluster, lab.settings, seen, at: Lab.now())
    let place = scene.places.first { $0.id == node }
    return try #require(place?.node?.meta.name)
  }
}

@Suite struct ContractTests {
  @Test(arguments: ProviderRule.allCases, Lab.Maker.allCases)
  func theImitationKeeps(_ rule: ProviderRule, with maker: Lab.Maker) async throws {
    try await rule.check(KubernetesHarness(Lab(maker: maker)))
  }
}

enum RealKubernetes {
  static let kubeconfig = ProcessInfo.processInfo.environment["SETPOINT_KUBECONFIG"]
}

/// The same on a real API server that has no nodes of its own, such as envtest's: everything in its
/// namespaces `setpoint` and `default`, and all its nodes, are taken away before each rule.
@Suite(.serialized, .enabled(if: RealKubernetes.kubeconfig != nil)) struct RealKubernetesTests {
  @Test(arguments: ProviderRule.allCases, Lab.Maker.allCases)
  func aRealServerKeeps(_ rule: ProviderRule, with maker: Lab.Maker) async throws {
    let kubeconfig = try #require(RealKubernetes.kubeconfig)
    try await rule.check(KubernetesHarness(Lab(kubeconfig: kubeconfig, maker: maker)))
  }
}
