import HTTP
import KubernetesImitation
import Loopback
import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

/// Nodes by Karpenter; that they keep the contract, `ContractTests` say.
@Suite struct KarpenterTests {
  private static let key = IdempotencyKey("k1")

  private func create(_ name: String, in lab: Lab, _ key: IdempotencyKey = key) async throws {
    try await lab.provider().apply(.createNode(Fixture.node(name)), key: key, in: lab.cluster)
  }

  private func claims(_ lab: Lab) async throws -> [Tree] {
    try await lab.hand.list("/apis/karpenter.sh/v1/nodeclaims")
  }

  /// A claim says what the pool's template does, and of what that leaves open what was ordered.
  @Test func aClaimLeavesNothingOpen() async throws {
    let lab = try await Lab(maker: .karpenter)
    try await create("h100-1", in: lab)
    let claim = try #require(try await claims(lab).first)
    #expect(claim[["metadata", "labels", "team"]] == "research")
    #expect(claim[["metadata", "labels", "karpenter.sh/nodepool"]] == nil)
    #expect(
      claim["spec"] == [
        "nodeClassRef": ["group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "gpu"],
        "expireAfter": "720h",
        "requirements": [
          ["key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]],
          ["key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"]],
          [
            "key": "node.kubernetes.io/instance-type", "operator": "In",
            "values": ["p5.48xlarge"],
          ],
          ["key": "topology.kubernetes.io/zone", "operator": "In", "values": ["us-east-1a"]],
        ],
        "taints": [["key": "gpu", "effect": "NoSchedule"]],
      ])
  }

  /// Karpenter takes back the claim of what the cloud has none of; whoever ordered it hears of it.
  @Test func whatTheCloudHasNoneOfIsOutOfStock() async throws {
    let lab = try await Lab(maker: .karpenter)
    var hand = lab.hand
    hand.outOfStock = ["p5.48xlarge"]
    lab.pauses.fill { [hand] in _ = try await hand.round() }
    await #expect(
      throws: Failure.outOfStock(
        instanceType: "p5.48xlarge", .onDemand, zone: "us-east-1a")
    ) {
      try await create("h100-1", in: lab)
    }
    #expect(try await claims(lab).isEmpty)
  }

  /// A machine that was bought is not waited for any longer, and neither is one that takes its time.
  @Test(arguments: [true, false])
  func whatWasBoughtBoots(isBought: Bool) async throws {
    let lab = try await Lab(maker: .karpenter)
    lab.pauses.fill { [hand = lab.hand] in if isBought { _ = try await hand.round() } }
    try await create("h100-1", in: lab)
    let seen = try await lab.provider().observe(lab.cluster)
    #expect(seen.nodes.map(\.id) == [Fixture.id("h100-1")])
    #expect(seen.nodes.map(\.phase) == [isBought ? .ready : .booting])
    #expect(seen.nodes.first?.capacity == Fixture.node("").capacity)
  }

  /// Its node may be ready before its devices are there.
  @Test func aNodeBootsUntilItsDevicesAreThere() async throws {
    let lab = try await Lab(maker: .karpenter)
    try await create("h100-1", in: lab)
    var bare = Hand.NodeShape()
    bare.accelerators = 0
    try await lab.hand.register(node: "ip-1", bare)
    let name = try #require(try await claims(lab).first?.metaName)
    try await lab.hand.change(
      "/apis/karpenter.sh/v1/nodeclaims/\(name)/status",
      [
        "status": [
          "nodeName": "ip-1",
          "conditions": [
            ["type": "Launched", "status": "True"], ["type": "Initialized", "status": "Unknown"],
          ],
        ]
      ])
    let seen = try await lab.provider().observe(lab.cluster)
    #expect(seen.nodes.map(\.phase) == [.booting])
    #expect(seen.nodes.first?.capacity == Fixture.node("").capacity)
  }

  @Test func theSameOrderIsOneClaim() async throws {
    let lab = try await Lab(maker: .karpenter)
    try await create("h100-1", in: lab)
    try await create("h100-1", in: lab)
    #expect(try await claims(lab).count == 1)
  }

  /// What a pool's requirements exclude, it does not make.
  @Test(arguments: [
    ("In", ["p4d.24xlarge"], false), ("In", ["p4d.24xlarge", "p5.48xlarge"], true),
    ("NotIn", ["p5.48xlarge"], false), ("NotIn", ["p4d.24xlarge"], true), ("Exists", [], true),
    ("DoesNotExist", [], false),
  ])
  func requirementsHold(word: String, values: [String], isMade: Bool) async throws {
    let lab = try await Lab(maker: .karpenter)
    try await lab.hand.change(
      "/apis/karpenter.sh/v1/nodepools/h100",
      [
        "spec": [
          "template": [
            "spec": [
              "requirements": [
                [
                  "key": "node.kubernetes.io/instance-type", "operator": .string(word),
                  "values": .array(values.map { .string($0) }),
                ]
              ]
            ]
          ]
        ]
      ])
    if isMade {
      try await create("h100-1", in: lab)
    } else {
      await #expect(throws: Failure.self) { try await create("h100-1", in: lab) }
    }
    #expect(try await claims(lab).count == (isMade ? 1 : 0))
  }

  /// Karpenter's own nodes are others': used once they are registered, and never given back.
  @Test func whatKarpenterMakesByItselfIsNotOurs() async throws {
    let lab = try await Lab(maker: .karpenter)
    try await lab.hand.ask(
      .post, "/apis/karpenter.sh/v1/nodeclaims",
      ["apiVersion": "karpenter.sh/v1", "kind": "NodeClaim", "metadata": ["name": "default-x1"]])
    try await lab.hand.register(node: "theirs")
    try await lab.hand.register(node: "new")
    try await lab.hand.change(
      "/api/v1/nodes/new",
      ["spec": ["taints": [["key": "karpenter.sh/unregistered", "effect": "NoExecute"]]]])
    let seen = try await lab.provider().observe(lab.cluster)
    #expect(seen.nodes.map(\.id) == [Fixture.id("theirs")])
    await #expect(throws: Failure.self) {
      try await lab.provider().apply(
        .deleteNode(Fixture.id("theirs")), key: Self.key, in: lab.cluster)
    }
  }

  /// Without Karpenter, and where its answer can't be read, nothing is taken for gone.
  @Test func anAnswerThatCanNotBeReadIsAFailure() async throws {
    let lab = try await Lab(maker: .karpenter)
    await lab.imitation?.set { asked in
      asked.path == "/apis/karpenter.sh" ? .refusal(500, "InternalError") : nil
    }
    await #expect(throws: Failure.self) { try await lab.provider().observe(lab.cluster) }
  }
}
