import Catalog
import Model
import Planning
import Scenarios
import Simulation
import Testing

/// What would happen is what happens: the same loop on the same world.
@Suite struct ForecastTests {
  static let service = """
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: lab}
    spec: {provider: simulated, region: us-east-1, zones: [us-east-1a, us-east-1b]}
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: l4}
    spec: {cluster: lab, instanceTypes: [g6.2xlarge], nodes: 0..20}
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: web}
    spec:
      type: inference
      replicas: 2
      resources: {accelerator: L4:1, cpu: 4, memory: 16Gi}

    """

  private static let measured = service.replacing(
    "us-east-1b]}", with: "us-east-1b], prometheus: {url: 'http://p:9090'}}")

  /// A world where `manifests` were applied, and a question about it.
  private func applied(_ manifests: String = service) -> (Session, Question) {
    var session = Session()
    _ = session.run("manifests", block: manifests)
    #expect(session.run("apply").contains("converged"))
    session.rest()
    return (session, question(session))
  }

  private func question(_ session: Session) -> Question {
    let clusters = session.desired.clusters.map(\.name)
    return Question(
      desired: session.desired, before: session.desired, previous: session.target,
      observed: ObservedState(clusters.compactMap { try? session.world.observe($0) }),
      catalogs: Dictionary(uniqueKeysWithValues: clusters.map { ($0, Catalog.builtIn) }),
      now: session.world.now)
  }

  private func forecast(_ question: Question) -> Forecast {
    var forecaster = Forecaster(question)
    let forecast = forecaster.run()
    #expect(forecaster.violations == [])
    return forecast
  }

  @Test func aLostNodeIsReplacedStepByStep() throws {
    var (session, question) = applied()
    let node = try #require(session.world.nodes.first?.id)
    question.losses = [TimedLoss(.node(node.name))]
    let forecast = forecast(question)
    let kinds = forecast.events.map(\.kind)
    for kind: ForecastEvent.Kind in [
      .lost, .planned, .createNode, .nodeReady, .startReplica, .replicaReady, .settled,
    ] {
      #expect(kinds.contains(kind), "\(kind)")
    }
    #expect(kinds.first == .lost)
    #expect(forecast.quietAt.map { $0 > forecast.startedAt } == true)
    #expect(forecast.samples.first?.replicasReady == 1)
    #expect(forecast.samples.last?.replicasReady == 2)
    #expect(forecast.pending == [])
    // Nothing was done to the world that was asked about.
    #expect(session.world.nodes.allSatisfy { $0.observed.phase == .ready })
    #expect(session.run("plan").contains("No changes"))
  }

  @Test func withoutAnyAssumptionNothingHappens() {
    let forecast = forecast(applied().1)
    #expect(forecast.events.map(\.kind) == [.settled])
    #expect(forecast.plans == [])
    #expect(forecast.quietAt == forecast.startedAt)
  }

  /// The loop of a session is another driver over the same production code.
  @Test(arguments: 0..<(10 as UInt64)) func itIsWhatTheLoopDoes(seed: UInt64) throws {
    var wishes = RandomWishes(seed: seed)
    var session = Session()
    session.want(wishes.state())
    guard session.run("apply").contains("converged") else { return }
    session.rest()
    let nodes = session.world.nodes.map(\.id)
    guard !nodes.isEmpty else { return }
    let node = wishes.pick(nodes)
    var question = question(session)
    question.losses = [TimedLoss(.node("\(node)"))]
    question.length = .minutes(20)
    let forecast = forecast(question)
    _ = session.run("lose node \(node)")
    _ = session.run("run 20m")
    let (told, real) = (try #require(forecast.after), try #require(session.target))
    #expect(told.nodes == real.nodes, "seed \(seed)")
    #expect(told.replicas == real.replicas, "seed \(seed)")
    #expect(
      forecast.observed.nodes.map(\.phase) == session.world.nodes.map(\.observed.phase),
      "seed \(seed)")
  }

  @Test func theSameQuestionHasTheSameAnswer() {
    var (_, question) = applied()
    question.losses = [TimedLoss(.zone("us-east-1a"))]
    #expect(forecast(question) == forecast(question))
  }

  @Test func aLoadCurveDrivesTheDemand() throws {
    var (_, question) = applied()
    question.length = .hours(6)
    question.load = LoadCurve(
      workloads: [
        WorkloadLoad(
          workload: WorkloadName("web"),
          points: [
            LoadPoint(at: .hours(1), load: .range(CountRange(6))),
            LoadPoint(at: .hours(3), load: .range(CountRange(1))),
          ])
      ])
    let forecast = forecast(question)
    #expect(forecast.events.count { $0.kind == .load } == 2)
    let at = { (hours: Int64) in
      forecast.samples.last { $0.at <= forecast.startedAt + .hours(hours) }
    }
    #expect(at(0)?.replicasReady == 2)
    #expect(at(2)?.replicasReady == 6)
    #expect(at(2)?.nodes == 6)
    // Empty nodes are given back after ten minutes, one tenth at a time.
    #expect(at(6)?.replicasReady == 1)
    #expect(at(6)?.nodes == 1)
    #expect(forecast.endedAt == forecast.startedAt + .hours(6))
  }

  /// The autoscaler follows what is measured, holds on where nothing is, and a schedule raises it.
  @Test func aMeasuredLoadMovesTheAutoscaler() throws {
    let scaled =
      Self.measured.replacing("replicas: 2\n", with: "replicas: 1..20\n") + """
          autoscale:
            metrics: [{query: q, target: 10}]
            schedules: [{start: '0 4 * * *', for: 1h, timeZone: Here/East, replicas: 9}]

        """
    var (_, question) = applied(scaled)
    question.length = .hours(6)
    question.zones = ["Here/East": ZoneOffsets(first: .hours(1))]
    func point(_ hours: Int64, _ values: [Int64]) -> LoadPoint {
      LoadPoint(at: .hours(hours), load: .measured(values))
    }
    question.load = LoadCurve(
      workloads: [
        WorkloadLoad(
          workload: WorkloadName("web"),
          points: [point(0, [10_000]), point(1, [60_000]), point(2, []), point(4, [10_000])])
      ])
    let forecast = forecast(question)
    func ready(_ minutes: Int64) -> Int? {
      forecast.samples.last { $0.at <= forecast.startedAt + .minutes(minutes) }?.replicasReady
    }
    #expect(ready(59) == 1)
    #expect(ready(90) == 6)
    #expect(ready(150) == 6)
    let start = question.now.seconds % 86_400
    #expect(start < 300, "the clock of the simulation begins at midnight")
    // From 4:00 to 5:00 an hour to the east, ready when it begins.
    #expect(ready(180) == 9)
    #expect(ready(235) == 9)
    #expect(ready(300) == 1)
    let needs = forecast.samples.compactMap(\.needMilli)
    #expect(Set(needs) == [1000, 6000])
  }

  /// A service that nobody tells the load of keeps its number.
  @Test func whoseLoadIsNotToldIsLeftAlone() {
    let scaled =
      Self.measured.replacing("replicas: 2\n", with: "replicas: 2..20\n") + """
          autoscale: {metrics: [{query: q, target: 10}]}

        """
    var (_, question) = applied(scaled)
    question.length = .hours(2)
    let forecast = forecast(question)
    #expect(forecast.samples.allSatisfy { $0.replicasReady == 2 && $0.needMilli == nil })
  }

  @Test func aLossComesInItsTime() throws {
    var (_, question) = applied()
    question.losses = [
      TimedLoss(.capacity(.onDemand), at: .hours(1)), TimedLoss(.capacity(.spot), at: .hours(2)),
    ]
    question.length = .hours(3)
    let forecast = forecast(question)
    let losses = forecast.events.filter { $0.kind == .lost }
    #expect(losses.count == 2)
    #expect(losses.allSatisfy { $0.at == question.now + .hours(1) })
    #expect(forecast.samples.last?.replicasReady == 2)
  }

  /// Each stretch at its price, to the second and the millionth of a dollar.
  @Test func costsAreTheSumOverTheCurve() {
    var (_, question) = applied()
    question.losses = [TimedLoss(.zone("us-east-1a"))]
    question.length = .hours(5)
    let forecast = forecast(question)
    var exact = Int128(0)
    var nodeSeconds = Int64(0)
    for (index, sample) in forecast.samples.enumerated() {
      let end =
        index + 1 < forecast.samples.count ? forecast.samples[index + 1].at : forecast.endedAt
      exact += Int128(sample.costPerHour.micros) * Int128((end - sample.at).count)
      nodeSeconds += Int64(sample.nodes) * (end - sample.at).count
    }
    #expect(forecast.costs.count == 1)
    #expect(forecast.cost.micros == Int64((exact + 1800) / 3600))
    #expect(forecast.costs.first?.nodeSeconds == nodeSeconds)
    #expect(forecast.cost > .zero)
  }

  @Test func whatAGateRefusesDoesNotHappen() {
    let gate = """
      ---
      apiVersion: setpoint/v1
      kind: Gate
      metadata: {name: budget}
      spec: {deny: [{costAbove: $3/h}]}

      """
    var (_, question) = applied(Self.service + gate)
    for index in question.desired.workloads.indices {
      question.desired.workloads[index].replicas = .range(CountRange(9))
    }
    let refused = forecast(question)
    #expect(refused.events.first { $0.kind == .refused }?.subject == "budget")
    #expect(refused.events.count { $0.kind == .refused } == 1)
    #expect(refused.samples.last?.nodes == 2)
    question.ignoresGates = true
    let done = forecast(question)
    #expect(!done.events.contains { $0.kind == .refused })
    #expect(done.samples.last?.replicasReady == 9)
  }

  /// What is under way when the snapshot is taken goes on from there.
  @Test func whatIsUnderWayGoesOn() {
    var session = Session()
    _ = session.run("manifests", block: Self.service)
    _ = session.run("apply")
    _ = session.run("lose zone us-east-1a")
    _ = session.run("run 30s")
    var question = question(session)
    #expect(question.observed.nodes.contains { $0.phase == .booting })
    question.length = .minutes(30)
    let forecast = forecast(question)
    #expect(forecast.samples.last?.replicasReady == 2)
    #expect(forecast.observed.nodes.allSatisfy { $0.phase == .ready })
  }

  @Test func aClusterThatWasNotSeenStaysAsItIs() {
    var (_, question) = applied()
    question.observed = ObservedState(
      [], unseen: [UnseenCluster(ClusterName("lab"), reason: "no route")])
    question.length = .hours(1)
    let forecast = forecast(question)
    #expect(forecast.events.contains { $0.kind == .unseen })
    #expect(!forecast.events.contains { $0.kind == .createNode || $0.kind == .startReplica })
  }

  @Test func aLossKeepsWhatWasNotSeen() {
    let (session, question) = applied()
    let seen = ObservedState(
      question.observed.observations, unseen: [UnseenCluster(ClusterName("far"), reason: "-")])
    let node = session.world.nodes[0].id
    #expect(seen.losing(.node("\(node)"))?.unseen == seen.unseen)
    #expect(seen.losing(.zone("nowhere")) == nil)
  }
}
