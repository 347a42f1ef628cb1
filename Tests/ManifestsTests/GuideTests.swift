import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

@Suite struct Guide {
  private func topic(_ path: String) -> FieldTopic? {
    if case .topic(let topic) = FieldGuide.topic(path) { topic } else { nil }
  }

  @Test func facts() {
    let resources = topic("workload.spec.resources")
    #expect(
      resources?.fields.map(\.name) == ["accelerator", "cpu", "memory", "storage", "network"])
    #expect(resources?.effect == .restartsReplicas)
    #expect(topic("Workload.spec.resources.cpu")?.effect == .restartsReplicas)
    #expect(topic("workload.priority")?.defaultText == "100")
    #expect(topic("nodepool.spec.disruption.consolidateAfter")?.defaultText == "10m")
    #expect(topic("nodepool.spec.capacity")?.defaultText == "[on-demand]")
    #expect(topic("workload.replicas")?.defaultText == nil)
    #expect(topic("workload.spec")?.rules == ["Exactly one of 'replicas', 'demand'."])
    #expect(topic("gate.spec.deny.preempts")?.example == "{tier: prod}")
    #expect(topic("cluster")?.fields.map(\.name) == ["apiVersion", "kind", "metadata", "spec"])
    #expect(topic("workload.spec.type")?.isRequired == true)
  }

  @Test func unknownPaths() {
    #expect(
      FieldGuide.topic("workload.spec.resorces") == .unknown(nearest: "workload.spec.resources"))
    #expect(FieldGuide.topic("worklod") == .unknown(nearest: "workload"))
    #expect(FieldGuide.topic("") == .unknown(nearest: nil))
    #expect(FieldGuide.topic("workload.spec.xyzzy.cpu") == .unknown(nearest: nil))
  }

  @Test func everyFieldIsDescribed() {
    #expect(FieldGuide.paths.count > 90)
    for path in FieldGuide.paths {
      guard let topic = topic(path) else {
        Issue.record("no topic for \(path)")
        continue
      }
      #expect(topic.documentation.hasSuffix("."), "\(path)")
      #expect(!topic.type.isEmpty, "\(path)")
      #expect(topic.fields.isEmpty ? topic.example != nil : true, "\(path) has no example")
    }
  }
}

@Suite struct Schemas {
  @Test(arguments: JSONSchema.files.map(\.name)) func areKeptEqual(_ name: String) {
    for file in JSONSchema.files where file.name == name {
      expectGenerated(file.text, "schemas/\(name)")
    }
  }
}
