import Catalog
import Diagnostics
import HTTP
import JSON
import KubernetesImitation
import Loopback
import Manifests
import Model
import Planning
import ProviderContract
import TestSupport
import Testing
import Views

@testable import KubernetesProvider

/// Manifests of what others run.
@Suite struct ImportTests {
  /// A lab with objects in the namespace `ml`, and two kinds of nodes.
  private func lab(_ objects: [(path: String, object: String)]) async throws -> Lab {
    let lab = try await Lab()
    try await lab.hand.ask(.post, "/api/v1/namespaces", ["metadata": ["name": "ml"]])
    for (path, object) in objects {
      let made = try Tree(Array(object.utf8))
      try await lab.hand.ask(.post, path, made)
    }
    var shape = Hand.NodeShape()
    shape.labels = ["fabric": "ib", "topology.kubernetes.io/region": "us-east-1"]
    try await lab.hand.register(node: "ib", shape)
    shape.labels = ["topology.kubernetes.io/region": "us-east-1"]
    shape.product = "Tesla-T4"
    shape.zone = "us-east-1b"
    try await lab.hand.register(node: "old", shape)
    return lab
  }

  private func imported(_ lab: Lab, _ names: [String] = []) async throws(Failure) -> Import {
    try await Import(from: lab.settings, namespace: "ml", names: names, lab.surroundings)
  }

  private func text(_ imported: Import) -> String {
    ImportView(
      imported.workloads.map {
        ImportView.Document(
          of: .workload($0.workload), "\($0.workload.name)", from: $0.origin,
          notes: $0.notes.map { "\($0.path): \($0.text)" })
      }
    ).text
  }

  /// What is printed reads back as what was meant, without a word of complaint.
  private func expectReadsBack(_ imported: Import) {
    let text = text(imported)
    let read = ManifestReader.read(Sources([SourceText(path: "imported.yaml", text: text)]))
    #expect(read.diagnostics == [], "\(text)")
    #expect(read.value.manifests.map(\.spec) == imported.workloads.map { .workload($0.workload) })
    let resolved = References.resolve(read.value, beside: .empty) { _ in .builtIn }
    #expect(resolved.diagnostics.filter { $0.severity == .error } == [])
  }

  @Test func objectsBecomeManifests() async throws {
    let imported = try await imported(try await lab(ImportObjects.all))
    expectReadsBack(imported)
    let skipped = imported.skipped.map { "# left out: \($0.origin): \($0.reason)\n" }.joined()
    expectSnapshot(text(imported) + skipped, "import.txt")
    #expect(imported.region == "us-east-1" && imported.zones == ["us-east-1a", "us-east-1b"])
  }

  /// What they become runs as what they were: the same image, words, variables and amounts.
  @Test func whatWasImportedRunsAsItDid() async throws {
    let lab = try await lab([(ImportObjects.deployments, ImportObjects.chat)])
    let chat = try #require(try await imported(lab).workloads.first?.workload)
    try await lab.hand.ask(
      .post, "/api/v1/namespaces/setpoint/persistentvolumeclaims",
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "weights"],
      ])
    try await lab.provider().apply(
      Fixture.start(chat, on: "ib", devices: [0, 1]), key: IdempotencyKey("1"), in: lab.cluster)
    let pods = try await lab.hand.list("/api/v1/namespaces/setpoint/pods")
    let spec = try #require(pods.first?["spec"])
    let theirs = try #require(
      try Tree(Array(ImportObjects.chat.utf8))[["spec", "template", "spec"]])
    let mine = try #require(spec["containers"]?.items.first)
    let original = try #require(theirs["containers"]?.items.first)
    #expect(mine["image"] == original["image"])
    #expect(
      mine["command"]?.items
        == (original["command"]?.items ?? []) + (original["args"]?.items ?? []))
    for name in ["cpu", "nvidia.com/gpu"] {
      let path = ["resources", "requests", name]
      #expect(mine[path] == original[path], "\(name)")
    }
    for name in ["URL", "EMPTY", "HF_TOKEN"] {
      let variable = original["env"]?.items.last { $0["name"]?.string == name }
      let own = mine["env"]?.items.first { $0["name"]?.string == name }
      #expect(own?["value"] ?? "" == variable?["value"] ?? "")
      #expect(own?["valueFrom"] == variable?["valueFrom"])
    }
    #expect(spec["tolerations"]?.items.count == 2)
  }

  @Test func onlyThoseThatAreNamed() async throws {
    let lab = try await lab(ImportObjects.all)
    let one = try await imported(lab, ["Job/shards"])
    #expect(one.workloads.map(\.origin) == ["Job ml/shards"])
    let failure = await #expect(throws: Failure.self) { try await imported(lab, ["Job/shard"]) }
    #expect(failure == .terminal("there is no Job/shard in namespace 'ml'"))
  }

  /// Nodes may be not for us to see; without what runs there is nothing to say.
  @Test func whoMayNotLookIsTold() async throws {
    let lab = try await lab(ImportObjects.all)
    await lab.imitation?.set { $0.path == "/api/v1/nodes" ? .refusal(403, "Forbidden") : nil }
    let blind = try await imported(lab, ["Job/finetune"])
    #expect(blind.workloads.first?.workload.resources.accelerator?.models == [])
    #expect(blind.workloads.first?.notes.contains { $0.text.hasPrefix("no label tells") } ?? false)
    #expect(blind.region == "local" && blind.zones == ["local"])
    await lab.imitation?.set { $0.path.hasSuffix("/jobs") ? .refusal(403, "Forbidden") : nil }
    let failure = await #expect(throws: Failure.self) { try await imported(lab) }
    #expect(failure == .terminal("not permitted: refused by a test"))
  }

  /// Whatever stands in an object, a manifest comes out that can be read.
  @Test(arguments: [
    #"{"metadata": {"name": "a", "namespace": "ml"}}"#,
    #"{"metadata": {"name": "a", "namespace": "ml"}, "spec": {"replicas": -1, "template": []}}"#,
    #"""
    {"metadata": {"name": "a", "namespace": "ml", "labels": {"a b": "c", "d": "e f"}},
     "spec": {"replicas": 99999999999, "strategy": "x", "template": {"spec": {
      "nodeSelector": {"a b": "c"}, "tolerations": [{}, 7, {"key": "a", "operator": "Lt"}],
      "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": 1}},
      "topologySpreadConstraints": [{"maxSkew": -3}], "containers": [{"command": "sh", "env": [
       {"name": "A", "value": "line\nline\u0007"}, {"value": "x"},
       {"name": "B", "valueFrom": {"secretKeyRef": {"name": "", "key": "k"}}}],
       "image": "a\nb", "resources": {"limits": {"cpu": "lots", "memory": "-5",
        "nvidia.com/gpu": "9999999999"}, "requests": {"cpu": 0.5}}}]}}}}
    """#,
    #"""
    {"metadata": {"name": "a\n- evil: yes", "namespace": "ml\u001b[2J"}, "spec": {"template": {
     "spec": {"volumes": [{"name": "x\nkind: Cluster"}], "containers": [{"image": "a"}]}}}}
    """#,
  ])
  func oddObjectsBecomeManifestsAsWell(_ text: String) throws {
    for kind in ImportedKind.allCases {
      var reader = JSONReader(Array(text.utf8))
      let object = try KubeForeign(&reader)
      let imported = Import(
        [(kind, object), (kind, object)], nodes: nil, KubernetesSettings())
      #expect(imported.workloads.count == 2)
      expectReadsBack(imported)
    }
  }
}
