import FaultProxy
import Foundation
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

/// An API server with the hand of others in it: an imitation, or a real one.
final class Lab: Sendable {
  let imitation: Imitation?
  private let loopback: Loopback?
  /// Between the provider and the imitation, where one was asked for; the hand goes past it.
  let proxy: FaultProxy?
  let hand: Hand
  let settings: KubernetesSettings
  let surroundings: Surroundings
  /// What goes on while the provider waits.
  let pauses = Pauses()

  /// What makes nodes.
  enum Maker: CaseIterable { case clusterAPI, karpenter }

  /// An imitation of its own, with a pool that can make nodes. What the provider has to wait for, it
  /// does not.
  init(
    token: String? = nil, throughProxy: Bool = false, maker: Maker = .clusterAPI,
    now: @escaping @Sendable () -> Timestamp = Lab.now,
    read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8] = Lab.none
  ) async throws {
    let imitation = Imitation(token: token)
    let loopback = try await Loopback { await imitation.reply(to: $0) }
    self.imitation = imitation
    self.loopback = loopback
    let address = "http://127.0.0.1:\(loopback.port)"
    let proxy = throughProxy ? try await FaultProxy(to: address) : nil
    self.proxy = proxy
    let kubeconfig = """
      {"current-context": "lab",
       "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "me"}}],
       "clusters": [{"name": "lab", "cluster": {"server": "\(proxy?.address ?? address)"}}],
       "users": [{"name": "me", "user": {"tokenFile": "/token"}}]}
      """
    surroundings = Surroundings(
      environment: [:],
      read: { path throws(Unreadable) in
        switch path {
        case "/kubeconfig": return Array(kubeconfig.utf8)
        case "/token" where token != nil && !throughProxy: return Array("\(token ?? "")\n".utf8)
        default: return try read(path)
        }
      }, now: now, wait: { [pauses] _ in await pauses.pass() })
    // Answers that are held back are waited for.
    settings = Self.settings(kubeconfig: "/kubeconfig", timeout: throughProxy ? 3 : 30)
    hand = Hand(try Server(Address(address)), token.map { .bearer($0) })
    try await install(maker)
  }

  private func install(_ maker: Maker) async throws {
    switch maker {
    case .clusterAPI: try await hand.install(pool: "h100")
    case .karpenter: try await hand.installKarpenter(pool: "h100")
    }
  }

  @Sendable static func none(_ path: String) throws(Unreadable) -> [UInt8] {
    if path == "/token" { return Array("anyone".utf8) }
    throw Unreadable("there is no \(path)")
  }

  /// A real API server without nodes, of which everything of earlier tests is taken away.
  init(kubeconfig: String, maker: Maker) async throws {
    imitation = nil
    loopback = nil
    proxy = nil
    surroundings = Surroundings(
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
      read: { path throws(Unreadable) in
        do { return Array(try Data(contentsOf: URL(filePath: path))) } catch {
          throw Unreadable("\(error)")
        }
      }, now: Self.now,
      wait: { time in
        do { try await Task.sleep(for: time) } catch { return }
      })
    settings = Self.settings(kubeconfig: kubeconfig)
    let access = try await Access(settings, surroundings)
    hand = Hand(try Server(Address(access.server), access.trust), access.credential)
    try await clear()
    try await install(maker)
  }

  private func clear() async throws {
    let kinds = [
      "/api/v1/namespaces/setpoint/pods", "/api/v1/namespaces/default/pods",
      "/api/v1/namespaces/setpoint/events", "/api/v1/nodes",
      "/apis/policy/v1/namespaces/setpoint/poddisruptionbudgets",
      "/api/v1/namespaces/setpoint/services",
      "/apis/cluster.x-k8s.io/v1beta2/namespaces/setpoint/machines",
      "/apis/cluster.x-k8s.io/v1beta2/namespaces/setpoint/machinedeployments",
      "/apis/karpenter.sh/v1/nodepools", "/apis/karpenter.sh/v1/nodeclaims",
    ]
    for kind in kinds {
      for object in try await hand.list(kind) {
        guard let name = object.metaName else { continue }
        if kind.hasSuffix("nodeclaims") {
          try await hand.change("\(kind)/\(name)", ["metadata": ["finalizers": .null]])
        }
        try await hand.ask(
          .delete, "\(kind)/\(name)",
          ["apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0], but: [404])
      }
    }
  }

  private static func settings(
    kubeconfig: String, timeout: Int64 = 30
  ) -> KubernetesSettings {
    KubernetesSettings(
      kubeconfig: kubeconfig, shareResource: "example.com/gpu-share", sharesPerDevice: 20,
      allowsExec: true, timeout: Seconds(timeout))
  }

  /// Returns when nodes, pods and events are watched.
  func followed() async { while await imitation?.watchCount ?? 3 < 3 { await Task.yield() } }

  @Sendable static func now() -> Timestamp {
    Timestamp(seconds: Int64(Date.now.timeIntervalSince1970))
  }

  func provider() -> KubernetesProvider { KubernetesProvider(surroundings) }

  var cluster: ClusterSpec { Fixture.kubernetes(settings) }
}

/// Nobody waits in tests; what would go on meanwhile is done instead.
final class Pauses: Sendable {
  private let filler = Mutex<@Sendable () async throws -> Void>({})

  func fill(_ work: @escaping @Sendable () async throws -> Void) { filler.withLock { $0 = work } }

  func pass() async {
    let work = filler.withLock { $0 }
    do { try await work() } catch { Issue.record(error) }
  }
}

extension Fixture {
  static func kubernetes(_ settings: KubernetesSettings) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: clusterName.text), provider: .kubernetes(settings),
      region: "us-east-1", zones: ["us-east-1a", "us-east-1b"])
  }

  /// Kubernetes runs nothing without an image.
  static func with(image: String, _ step: Step) -> Step {
    guard case .startReplica(var order) = step else { return step }
    if order.workload.image.isEmpty { order.workload.image = image }
    return .startReplica(order)
  }
}
