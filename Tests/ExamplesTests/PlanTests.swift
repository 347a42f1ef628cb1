import Catalog
import Diagnostics
import Digests
import Documents
import Manifests
import Model
import Planning
import Testing
import Views

/// What the examples promise of themselves: on an empty world everything finds a place, no gate is
/// broken, and once it is done there is nothing left to do.
@Suite struct PlanTests {
  private let epoch = Timestamp(seconds: 1_767_225_600)

  private func desired(_ example: Example) throws -> DesiredState {
    References.resolve(ManifestReader.read(try example.sources()).value).value
  }

  private func plan(
    _ desired: DesiredState, after previous: Plan? = nil, at now: Timestamp
  ) -> Plan {
    let observations = desired.clusters.map { cluster in
      previous?.target.observation(of: cluster.name, at: now)
        ?? Observation(cluster: cluster.name, at: now)
    }
    return Planner.plan(
      PlanningInput(
        desired: desired, desiredDigest: Digest(of: CanonicalText.manifests(desired)),
        previous: previous?.target,
        observed: ObservedState(observations),
        done: Dictionary(
          (previous?.actions ?? []).map { ($0.id, epoch) }, uniquingKeysWith: { $1 }),
        catalogs: Dictionary(
          uniqueKeysWithValues: desired.clusters.map { ($0.name, Catalog.builtIn) }),
        now: now))
  }

  @Test(arguments: Example.allCases)
  func everythingIsPlacedAndNoGateBroken(example: Example) throws {
    let desired = try desired(example)
    let plan = plan(desired, at: epoch)
    #expect(plan.pending == [])
    #expect(plan.brokenGates == [])
    #expect(Set(plan.target.replicas.map(\.id.workload)) == Set(desired.workloads.map(\.name)))
  }

  @Test(arguments: Example.allCases)
  func nothingIsLeftToDoAfterwards(example: Example) throws {
    let desired = try desired(example)
    let first = plan(desired, at: epoch)
    let second = plan(desired, after: first, at: epoch + .minutes(5))
    #expect(second.actions == [])
    #expect(second.brokenGates == [])
    #expect(second.cost.changePerHour == .zero)
  }

  /// Prices are shown to the last digit, so what a reader adds up is what stands beneath.
  @Test(arguments: Example.allCases)
  func theMoneyShownAddsUp(example: Example) throws {
    let plan = plan(try desired(example), at: epoch)
    for style in [Style(width: 80), Style(width: 160), Style(isVerbose: true)] {
      let text = PlanView(plan, style: style).text
      let lines = text.split(separator: "\n").filter { !$0.contains("→") }
      let prices = try lines.compactMap { line -> Money? in
        guard let price = line.firstMatch(of: /(\$[0-9.]+\/h)( each)?/) else { return nil }
        if line.contains("a plan that") { return nil }
        let count = line.firstMatch(of: #/([0-9]+) × /#).flatMap { Int64($0.1) } ?? 1
        return try Money.parsePerHour(Array(price.1.utf8)[...]) * count
      }
      #expect(!prices.isEmpty)
      #expect(prices.reduce(.zero, +) == plan.cost.afterPerHour, "\(text)")
    }
  }

  /// As a file and back, the first plan of an empty world and the one that has nothing to do.
  @Test(arguments: Example.allCases)
  func plansAreSavedWhole(example: Example) throws {
    let desired = try desired(example)
    let first = plan(desired, at: epoch)
    for plan in [first, plan(desired, after: first, at: epoch + .minutes(5))] {
      let saved = SavedPlan(
        plan: plan, manifests: CanonicalText.manifests(desired), at: epoch, summary: "all of it")
      let read = SavedPlan.read(SourceText(path: "plan.json", text: saved.json))
      #expect(read.diagnostics.map(\.message) == [])
      #expect(read.value == saved)
    }
  }

  /// Realistic, and still to be read on a page or two; a better scheduler may only make them smaller.
  @Test(arguments: [
    (Example.quickstart, 5, "$17.4248/h"), (.aiResearch, 25, "$377.968816/h"),
    (.autonomousDriving, 17, "$140.9528/h"), (.medicalImaging, 13, "$86.786548/h"),
    (.fintech, 25, "$50.885478/h"),
  ])
  func sizes(example: Example, nodesMax: Int, costMax: String) throws {
    let plan = plan(try desired(example), at: epoch)
    #expect(plan.target.nodes.count <= nodesMax)
    #expect(plan.cost.afterPerHour <= (try Money.parsePerHour(Array(costMax.utf8)[...])))
  }

  /// The article's numbers, and a demand beyond the model's limits.
  @Test(arguments: [
    (Example.medicalImaging, "ct-triage", Int64(670_000), Int64(670_000), 7),
    (.fintech, "market-data", 1_440_000, 1_000_000, 5),
  ])
  func demands(
    example: Example, name: String, unitsMilli: Int64, clampedMilli: Int64, replicas: Int
  ) throws {
    let desired = try desired(example)
    let workload = try #require(desired.workloads.first { $0.name.text == name })
    let assessment = try #require(Assessment(of: workload, in: desired))
    #expect(assessment.unitsMilli == unitsMilli)
    #expect(assessment.clampedUnitsMilli == clampedMilli)
    #expect(assessment.replicas == replicas)
  }
}

extension Target {
  /// The world as it is once this target is reached.
  fileprivate func observation(of cluster: ClusterName, at now: Timestamp) -> Observation {
    let here = nodes.filter { $0.id.cluster == cluster }
    return Observation(
      cluster: cluster, at: now,
      nodes: here.map { node in
        ObservedNode(
          id: node.id, pool: node.pool, instanceType: node.instanceType, zone: node.zone,
          capacityType: node.capacityType, labels: node.labels, taints: node.taints,
          capacity: node.capacity, phase: .ready, createdAt: now)
      },
      replicas: replicas.filter { $0.node.cluster == cluster }.map { replica in
        ObservedReplica(
          id: replica.id, node: replica.node, devices: replica.devices,
          resources: ReplicaResources(), revision: replica.revision, phase: .ready, startedAt: now)
      })
  }
}
