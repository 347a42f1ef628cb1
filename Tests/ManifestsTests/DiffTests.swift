import Manifests
import Model
import Testing

@Suite struct FieldDiffs {
  private func workload(_ lines: String) throws -> WorkloadSpec {
    let all = specs(manifest("Workload", name: "train", "type: training\n" + lines))
    guard case .workload(let spec) = try #require(all.first) else { throw NoWorkload() }
    return spec
  }

  private struct NoWorkload: Error {}

  private func check(
    _ before: String, _ after: String, gives expected: [String],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let changes = FieldDiff.changes(from: try workload(before), to: try workload(after))
    let lines = changes.map {
      "\($0.path): \($0.before ?? "–") → \($0.after ?? "–") (\($0.effect.rawValue))"
    }
    #expect(lines == expected, sourceLocation: location)
  }

  @Test func nothing() throws {
    try check("replicas: 4", "replicas: \"4\"\npriority: 100", gives: [])
    try check("replicas: 2..8", "replicas: 2..8", gives: [])
  }

  @Test func fieldsWithTheirEffects() throws {
    try check(
      "replicas: 4\nimage: a:1\nresources: {accelerator: H100:8, memory: 512Gi}\nenv: {A: x, B: y}",
      "replicas: 2..8\nimage: a:2\nresources: {accelerator: H100:8, memory: 1Ti}\nenv: {A: z, C: y}",
      gives: [
        "spec.replicas: 4 → 2..8 (inPlace)",
        "spec.resources.memory: 512Gi → 1Ti (restartsReplicas)",
        "spec.image: a:1 → a:2 (restartsReplicas)",
        "spec.env.A: x → z (restartsReplicas)",
        "spec.env.B: \"y\" → – (restartsReplicas)",
        "spec.env.C: – → \"y\" (restartsReplicas)",
      ])
  }

  @Test func wholeBlocksThatComeAndGo() throws {
    try check(
      "replicas: 4\nplacement: {nodeSelector: {example.com/fabric: ib}}",
      "replicas: 4\ncheckpoint: {every: 30m}\ncommand: [run, --fast]",
      gives: [
        "spec.command: – → [run, \"--fast\"] (restartsReplicas)",
        "spec.placement.nodeSelector['example.com/fabric']: ib → – (inPlace)",
        "spec.checkpoint.every: – → 30m (inPlace)",
      ])
    try check(
      "replicas: 4", "demand: {compute: 100}",
      gives: [
        "spec.replicas: 4 → – (inPlace)", "spec.demand.compute: – → 100 (inPlace)",
        "spec.demand.storage: – → 0 (inPlace)", "spec.demand.network: – → 0 (inPlace)",
      ])
  }

  @Test func aNewObjectIsAllItsFields() throws {
    let fields = FieldDiff.fields(of: try workload("replicas: 4"))
    #expect(fields.contains { $0.path == "metadata.name" && $0.after == "train" })
    #expect(fields.allSatisfy { $0.before == nil && $0.after != nil })
  }
}
