import Diagnostics
import Manifests
import Model
import Planning
import TestSupport
import Testing

@testable import Views

/// The arithmetic behind replicas that follow a demand, as people check it by hand.
@Suite struct AssessmentTests {
  @Test func everyFormOfIt() throws {
    let texts = try [
      // The figures of the article that the model comes from.
      ("as it is", "base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1", 100),
      ("within limits", "base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1, limits: 1..700", 67),
      ("above its limits", "base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1, limits: 1..500", 100),
      ("below its limits", "base: 1, alpha: 0, beta: 0, gamma: 0, limits: 50..100", 100),
      ("nothing", "base: 0, alpha: 0, beta: 0, gamma: 0", 100),
    ].map { "# \($0)\n" + (try view(model: $1, unitsPerReplica: $2).text) }
    expectSnapshot(texts.joined(separator: "\n"), "assessment.txt")
  }

  @Test func whatIsShownAddsUpToTheLastDigit() throws {
    let view = try view(
      model: "base: 0, alpha: 0.333, beta: 0.333, gamma: 0.333", unitsPerReplica: 1,
      demand: "compute: 0.001, storage: 0.001, network: 0.002")
    #expect(
      view.text == """
        Workload/web on lab
          base                                0
          α·C  compute  0.333 × 0.001  0.000333
          β·S  storage  0.333 × 0.001  0.000333
          γ·N  network  0.333 × 0.002  0.000666
          R                            0.001332
          cut to thousandths: 0.001
          0.001 units ÷ 1 a replica on pool l4 = 1 replica, rounded up

          R = 0 + 0.333 × 0.001 + 0.333 × 0.001 + 0.333 × 0.002 = 0.001332 units

        """)
  }

  @Test func whatIsBeyondAllMeasureIsToldAllTheSame() throws {
    let most = "9223372036854774"
    let view = try view(
      model: "base: \(most), alpha: \(most), beta: \(most), gamma: \(most)", unitsPerReplica: 7,
      demand: "compute: \(most), storage: \(most), network: \(most)")
    #expect(view.text.contains("the limits 0..700000 make it 700000 units"))
    #expect(view.text.contains("700000 units ÷ 7 a replica on pool l4 = 100000 replicas"))
  }

  @Test func severalAndTheUnanswered() throws {
    let one = try assessments(
      model: "base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1", unitsPerReplica: 100)
    let view = AssessmentView(one, unanswered: [WorkloadName("search")])
    expectSnapshot(view.text + "\n" + view.json, "assessments.txt")
    #expect(AssessmentView([]).text == "No workload states a demand.\n")
  }

  @Test func coloursOnlyRepeatWhatTheWordsSay() throws {
    let one = try assessments(
      model: "base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1", unitsPerReplica: 100)
    let coloured = AssessmentView(one, style: Style(isColoured: true)).text
    #expect(coloured.hasPrefix("\u{1B}[1mWorkload/web on lab\u{1B}[0m\n"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == AssessmentView(one).text)
  }

  private func view(
    model: String, unitsPerReplica: Int, demand: String = Self.demand
  ) throws -> AssessmentView {
    AssessmentView(
      try assessments(model: model, unitsPerReplica: unitsPerReplica, demand: demand))
  }

  private static let demand = "compute: 1000, storage: 500, network: 200"

  private func assessments(
    model: String, unitsPerReplica: Int, demand: String = Self.demand
  ) throws -> [Assessment] {
    let text = """
      apiVersion: setpoint/v1
      kind: Cluster
      metadata: {name: lab}
      spec:
        provider: simulated
        region: us-east-1
        zones: [us-east-1a]
        demandModel: {\(model)}
      ---
      apiVersion: setpoint/v1
      kind: NodePool
      metadata: {name: l4}
      spec:
        cluster: lab
        instanceTypes: [g6.2xlarge]
        nodes: 0..20
        unitsPerReplica: \(unitsPerReplica)
      ---
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: web}
      spec:
        type: inference
        demand: {\(demand)}
        resources: {accelerator: L4:1, cpu: 4}
        image: registry.example/web:1

      """
    let read = ManifestReader.read(Sources([SourceText(path: "a.yaml", text: text)]))
    let resolved = References.resolve(read.value)
    for problem in read.diagnostics + resolved.diagnostics { Issue.record("\(problem)") }
    let assessment = resolved.value.workloads.compactMap { Assessment(of: $0, in: resolved.value) }
    #expect(assessment.count == 1)
    return assessment
  }
}
