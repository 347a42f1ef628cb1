import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

@Suite struct OrderTests {
  private let order = PodOrder(
    cluster: Fixture.clusterName, key: IdempotencyKey("start \"chat\"/0"),
    replica: TargetReplica(
      id: ReplicaID(WorkloadName("chat"), 3), node: Fixture.id("a"), devices: [0, 2],
      revision: Revision("r7"), incarnation: 4),
    resources: ReplicaResources(
      amounts: Resources(
        cpuMilli: 1500, memoryBytes: 1 << 40, storageBytes: 5, networkBitsPerSecond: 7),
      accelerator: AcceleratorRequest(
        models: [Fixture.h100], milliDevices: 250, memoryBytesMin: 3)), type: .training,
    isOfGang: true)

  @Test func whatAnAnnotationSaysIsReadBack() {
    #expect(PodOrder(text: order.text) == order)
    let node = NodeOrder(
      key: IdempotencyKey("create"), order: Fixture.node("a", .spot), at: Timestamp(seconds: 9))
    var free = node
    // What a node costs is not the cluster's to know.
    free.order.pricePerHour = .zero
    #expect(NodeOrder(text: node.text) == free)
  }

  @Test func whatOthersWroteIsNoOrder() {
    for text in ["", "{}", "[]", "{\"cluster\": 1}", order.text + "x", node(order.text)] {
      #expect(PodOrder(text: text) == nil, "\(text)")
      #expect(NodeOrder(text: text) == nil, "\(text)")
    }
  }

  private func node(_ text: String) -> String { text.replacing("training", with: "else") }

  /// A Service's name is a letter, and then at most 62 letters, digits and hyphens, no hyphen last.
  @Test(arguments: [
    ("chat", "chat"), ("7b-chat", "w-7b-chat"),
    ("9" + String(repeating: "a", count: 59) + "-bc", "w-9" + String(repeating: "a", count: 59)),
  ])
  func aServiceMayHaveItsName(_ workload: String, _ name: String) {
    let manifest = Manifest(cluster: Fixture.clusterName, settings: KubernetesSettings())
    #expect(manifest.serviceName(WorkloadName(workload)) == name)
    #expect(name.wholeMatch(of: /[a-z]([-a-z0-9]{0,61}[a-z0-9])?/) != nil)
  }

  /// A second pod under one key can't be made: it would go by the same name.
  @Test func aPodIsCalledByItsKey() {
    var other = order
    #expect(order.podName == other.podName && order.podName.hasPrefix("chat-3-"))
    other.key = IdempotencyKey("another")
    #expect(order.podName != other.podName)
  }

  /// Host names of 63 characters at most, which begin with a letter where they are made up.
  @Test func hostNamesFit() {
    let long = ReplicaID(WorkloadName(String(repeating: "a", count: 63)), 12)
    #expect(PodOrder.hostName(ReplicaID(WorkloadName("tune"), 1)) == "tune-1")
    #expect(PodOrder.hostName(long).utf8.count <= 63)
    #expect(PodOrder.hostName(long).hasSuffix("-12"))
  }
}
