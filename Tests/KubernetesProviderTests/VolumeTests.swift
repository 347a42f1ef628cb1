import HTTP
import JSON
import KubernetesImitation
import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

/// What a scheduler has to do for volumes, beside binding pods.
@Suite struct VolumeTests {
  private static let claims = "/api/v1/namespaces/setpoint/persistentvolumeclaims"

  private let chat: WorkloadSpec = {
    var chat = Fixture.workload("chat")
    chat.image = "registry.example/chat:1"
    chat.volumes = [
      VolumeMount(claim: "models", path: "/models", isReadOnly: true),
      VolumeMount(claim: "scratch", path: "/tmp/scratch"),
      VolumeMount(claim: "models", path: "/more"),
    ]
    return chat
  }()

  private func lab(claims: [String] = ["models", "scratch"]) async throws -> Lab {
    let lab = try await Lab()
    try await lab.hand.register(node: "a")
    for name in claims {
      try await lab.hand.ask(
        .post, Self.claims,
        [
          "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": .string(name)],
        ])
    }
    return lab
  }

  private func start(_ lab: Lab) async throws(Failure) {
    try await lab.provider().apply(
      Fixture.start(chat, on: "a"), key: IdempotencyKey("k"), in: lab.cluster)
  }

  /// A volume that can be on nodes of these zones only.
  private func bind(_ claim: String, in zones: [String], of lab: Lab) async throws {
    try await lab.hand.ask(
      .post, "/api/v1/persistentvolumes",
      [
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": "pv-1"],
        "spec": [
          "nodeAffinity": [
            "required": [
              "nodeSelectorTerms": .array(
                zones.map { zone in
                  [
                    "matchExpressions": [
                      [
                        "key": "topology.kubernetes.io/zone", "operator": "In",
                        "values": [.string(zone)],
                      ]
                    ]
                  ]
                })
            ]
          ]
        ],
      ])
    try await lab.hand.change("\(Self.claims)/\(claim)", ["spec": ["volumeName": "pv-1"]])
  }

  @Test func aPodMountsItsClaims() async throws {
    let lab = try await lab()
    try await start(lab)
    let pod = try #require(try await lab.hand.list("/api/v1/namespaces/setpoint/pods").first)
    #expect(
      pod[["spec", "volumes"]] == [
        ["name": "claim-0", "persistentVolumeClaim": ["claimName": "models"]],
        ["name": "claim-1", "persistentVolumeClaim": ["claimName": "scratch"]],
      ])
    #expect(
      pod[["spec", "containers"]]?.items.first?["volumeMounts"] == [
        ["name": "claim-0", "mountPath": "/models", "readOnly": true],
        ["name": "claim-1", "mountPath": "/tmp/scratch"],
        ["name": "claim-0", "mountPath": "/more"],
      ])
  }

  /// A claim that waits for its first pod gets its volume where that is to be.
  @Test func aClaimWithoutAVolumeIsToldTheNode() async throws {
    let lab = try await lab()
    try await start(lab)
    for claim in try await lab.hand.list(Self.claims) {
      #expect(
        claim[["metadata", "annotations", "volume.kubernetes.io/selected-node"]] == "a")
    }
  }

  @Test(arguments: [["us-east-1a"], ["us-east-1b", "us-east-1a"], []])
  func aVolumeThatReachesTheNodeIsLeftAlone(zones: [String]) async throws {
    let lab = try await lab()
    try await bind("models", in: zones, of: lab)
    try await start(lab)
    let claim = try await lab.hand.ask(.get, "\(Self.claims)/models")
    #expect(claim[["metadata", "annotations"]] == nil)
  }

  /// Bound anyway, the pod would hang on its node.
  @Test func aVolumeElsewhereIsNoPlaceToStart() async throws {
    let lab = try await lab()
    try await bind("models", in: ["us-east-1b"], of: lab)
    let failure = await #expect(throws: Failure.self) { try await start(lab) }
    #expect(
      failure
        == .terminal(
          "the volume of claim 'models' can't be mounted on node 'a': let its workload run only where "
            + "it can, by 'placement.nodeSelector'"))
    let pods = try await lab.hand.list("/api/v1/namespaces/setpoint/pods")
    #expect(pods.allSatisfy { $0[["spec", "nodeName"]] == nil })
  }

  @Test func aClaimThatIsNotThereIsTold() async throws {
    let lab = try await lab(claims: ["models"])
    let failure = await #expect(throws: Failure.self) { try await start(lab) }
    #expect(failure == .terminal("there is no claim 'scratch' in namespace 'setpoint'"))
  }

  /// What Kubernetes knows of node selectors, beside `In`.
  @Test(arguments: [
    (#"{"key": "gen", "operator": "Gt", "values": ["4"]}"#, true),
    (#"{"key": "gen", "operator": "Lt", "values": ["5"]}"#, false),
    (#"{"key": "gen", "operator": "Gt", "values": ["x"]}"#, false),
    (#"{"key": "gen", "operator": "Exists"}"#, true),
    (#"{"key": "gen", "operator": "DoesNotExist"}"#, false),
    (#"{"key": "gen", "operator": "NotIn", "values": ["5"]}"#, false),
    (#"{"key": "other", "operator": "NotIn", "values": ["5"]}"#, true),
    (#"{"key": "gen", "operator": "Like", "values": ["5"]}"#, false),
  ])
  func selectorsHold(requirement: String, reaches: Bool) throws {
    let text = """
      {"metadata": {"name": "pv-1"}, "spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": [
        {"matchExpressions": [\(requirement)]}]}}}}
      """
    var reader = JSONReader(Array(text.utf8))
    let volume = try Volume(&reader)
    var node = KubeNode()
    node.meta.labels = ["gen": "5"]
    #expect(volume.reaches(node) == reaches)
  }

  @Test func aVolumeMayNameItsNode() throws {
    let text = """
      {"metadata": {"name": "pv-1"}, "spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": [
        {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}]}}}}
      """
    var reader = JSONReader(Array(text.utf8))
    let volume = try Volume(&reader)
    var node = KubeNode()
    node.meta.name = "a"
    #expect(volume.reaches(node))
    node.meta.name = "b"
    #expect(!volume.reaches(node))
  }
}
