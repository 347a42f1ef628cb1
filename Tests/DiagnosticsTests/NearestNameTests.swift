import Diagnostics
import Testing

private let fields = [
  "accelerators", "capacity", "cluster", "labels", "nodes", "replicas", "taints",
]

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("replica", "replicas"), ("relpicas", "replicas"), ("Replicas", "replicas"),
    ("REPLICAS", "replicas"), ("clutser", "cluster"), ("acelerator", "accelerators"),
    ("node", "nodes"), ("lables", "labels"), ("taint", "taints"),
  ])
  func findsTheNameThatWasMeant(written: String, meant: String) {
    #expect(NearestName.suggest(written, among: fields) == meant)
  }

  @Test(arguments: [
    "", "x", "no", "colour", "replicasreplicas", "node.kubernetes.io",
    String(repeating: "n", count: 10_000),
  ])
  func saysNothingWhereNothingIsNear(written: String) {
    #expect(NearestName.suggest(written, among: fields) == nil)
  }

  @Test func theOrderOfCandidatesDoesNotMatter() {
    #expect(NearestName.suggest("cat", among: ["bat", "car", "hat"]) == "bat")
    #expect(NearestName.suggest("cat", among: ["hat", "car", "bat"]) == "bat")
  }

  @Test func neverSuggestsTheSameBytes() {
    #expect(NearestName.suggest("nodes", among: ["nodes"]) == nil)
    #expect(NearestName.suggest("caf\u{E9}s", among: ["cafe\u{301}s"]) == nil)
  }
}
