import Model
import Planning
import Testing

/// From a demand to replicas: the arithmetic, its limits, and whose numbers count.
@Suite struct AssessmentTests {
  let demand = Demand(computeMilli: 1_000_000, storageMilli: 500_000, networkMilli: 200_000)

  func model(base: Int64 = 50_000, limits: CountRange? = nil) -> DemandModel {
    DemandModel(
      baseMilli: base, alphaMilli: 500, betaMilli: 200, gammaMilli: 100, limits: limits)
  }

  func desired(
    _ models: [(cluster: String, model: DemandModel?)], _ pools: [NodePoolSpec], _ demand: Demand,
    placement: PlacementRules = PlacementRules(), clusters: [String] = []
  ) -> DesiredState {
    var web = service("web", replicas: 1, clusters: clusters, placement: placement)
    web.replicas = .demand(demand)
    let clusters = models.map { name, model in
      var spec = cluster(name)
      spec.demandModel = model
      return spec
    }
    return DesiredState(clusters: clusters, nodePools: pools, workloads: [web])
  }

  func sized(
    _ name: String, _ units: Int?, in cluster: String = "c", labels: Labels = .none,
    taints: [Taint] = []
  ) -> NodePoolSpec {
    var spec = pool(
      name, of: "cpu16", nodes: .to(50), in: cluster, labels: labels, taints: taints)
    spec.unitsPerReplica = units
    return spec
  }

  func assessment(_ desired: DesiredState) -> Assessment? {
    desired.workloads.first.flatMap { Assessment(of: $0, in: desired) }
  }

  @Test(arguments: [(1, 670), (100, 7), (670, 1), (669, 2), (1_000_000, 1)])
  func theFiguresOfTheArticle(units: Int, replicas: Int) throws {
    let found = try #require(
      assessment(desired([("c", model())], [sized("p", units)], demand)))
    #expect(found.unitsMilli == 670_000)
    #expect(found.replicas == replicas)
    #expect(!found.isClamped)
  }

  @Test(
    arguments: [
      (CountRange(1, 670), 670_000, 67), (CountRange(1, 669), 669_000, 67),
      (CountRange(1, 500), 500_000, 50), (CountRange(671, 900), 671_000, 68),
      (CountRange(0, 0), 0, 1),
    ] as [(CountRange, Int64, Int)])
  func limitsAreOfUnits(limits: CountRange, units: Int64, replicas: Int) throws {
    let wanted = desired([("c", model(limits: limits))], [sized("p", 10)], demand)
    let found = try #require(assessment(wanted))
    #expect(found.clampedUnitsMilli == units)
    #expect(found.isClamped == (units != 670_000))
    #expect(found.replicas == replicas)
  }

  /// A plan that was cut to limits says so, and one that has no answer says that.
  @Test func aPlanTellsWhatBecameOfADemand() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(8))])
    stage.desired = desired([("c", model(limits: CountRange(1, 500)))], [sized("p", 100)], demand)
    stage.expect(
      "create p-1: needed by web", "create p-2: needed by web", "start web/0 to p-1: wanted",
      "start web/1 to p-1: wanted", "start web/2 to p-1: wanted", "start web/3 to p-2: wanted",
      "start web/4 to p-2: wanted", "web clamped from 670 to 500")
    stage.desired = desired([("c", nil)], [sized("p", 100)], demand)
    stage.expect("web not assessed")
  }

  @Test func whoseNumbersCount() {
    let far = Taint(key: "team", value: "a", effect: .noSchedule)
    let ib = Labels([("fabric", "ib")])
    let (a, b) = (("a", model(base: 0)), ("b", model()))
    func pool(_ desired: DesiredState) -> String? { assessment(desired)?.pool.text }
    // The first cluster with a model and a pool that has units; of its pools the first that admits.
    #expect(pool(desired([a, b], [sized("p", 1, in: "b")], demand)) == "p")
    #expect(
      pool(desired([a, b], [sized("p", 1, in: "b"), sized("q", 1, in: "a")], demand)) == "q")
    #expect(
      pool(
        desired([a, b], [sized("p", 1, in: "b"), sized("q", 1, in: "a")], demand, clusters: ["b"]))
        == "p")
    let pools = [
      sized("p", nil), sized("q", 1, taints: [far]),
      sized("r", 1, labels: Labels([("fabric", "x")])),
      sized("s", 1, labels: ib),
    ]
    #expect(
      pool(desired([("c", model())], pools, demand, placement: PlacementRules(nodeSelector: ib)))
        == "s")
    #expect(
      pool(
        desired(
          [("c", model())], pools, demand,
          placement: PlacementRules(tolerations: [Toleration(key: "team", value: "a")]))) == "q")
    #expect(pool(desired([("c", model())], [sized("p", nil)], demand)) == nil)
    #expect(pool(desired([("c", nil)], [sized("p", 1)], demand)) == nil)
  }

  @Test func amountsBeyondAllMeasureSaturate() throws {
    let huge = Demand(computeMilli: .max, storageMilli: .max, networkMilli: .max)
    var model = model(base: .max)
    (model.alphaMilli, model.betaMilli, model.gammaMilli) = (.max, .max, .max)
    let found = try #require(assessment(desired([("c", model)], [sized("p", 1)], huge)))
    #expect(found.unitsMilli == .max)
    let tiny = Demand(computeMilli: 1, storageMilli: 0, networkMilli: 0)
    let rest = try #require(
      assessment(desired([("c", self.model(base: 0))], [sized("p", 1)], tiny)))
    #expect(rest.unitsMilli == 0, "half a thousandth is cut")
    #expect(rest.replicas == 1)
  }

  /// A demand asks for no more than a number may.
  @Test(
    arguments: [
      (nil, 99_999, 99_999, false), (nil, 100_000, 100_000, false), (nil, 100_001, 100_000, true),
      (nil, .max, 100_000, true), (CountRange(0, 100_001), 100_001, 100_000, true),
      (CountRange(200_000, 300_000), 1, 100_000, true),
    ] as [(CountRange?, Int64, Int, Bool)])
  func replicasAreBounded(limits: CountRange?, units: Int64, replicas: Int, isClamped: Bool) throws
  {
    let model = model(base: units.multipliedSaturated(by: 1000), limits: limits)
    let nothing = Demand(computeMilli: 0, storageMilli: 0, networkMilli: 0)
    for unitsPerReplica in [1, 10] {
      var scaled = model
      scaled.baseMilli = scaled.baseMilli.multipliedSaturated(by: Int64(unitsPerReplica))
      scaled.limits = limits.map {
        CountRange($0.min * unitsPerReplica, $0.max * unitsPerReplica)
      }
      let wanted = desired([("c", scaled)], [sized("p", unitsPerReplica)], nothing)
      let found = try #require(assessment(wanted))
      #expect(found.replicas == replicas)
      #expect(found.isClamped == isClamped)
      #expect(!isClamped || found.limits != nil)
    }
  }
}
