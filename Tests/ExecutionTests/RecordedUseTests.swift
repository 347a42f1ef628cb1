import Execution
import Interfaces
import Model
import Planning
import Testing

/// Answers by the words of a query.
private struct Answers: MetricsSource {
  let answer: @Sendable (String, ClusterName) -> Result<Double?, Failure>

  func value(of query: String, in cluster: ClusterSpec) async throws(Failure) -> Double? {
    try answer(query, cluster.name).get()
  }

  func values(
    of query: String, in cluster: ClusterSpec, from start: Timestamp, to end: Timestamp,
    every interval: Seconds
  ) async throws(Failure) -> [Measurement] { [] }
}

/// What becomes of recorded metrics.
@Suite struct RecordedUseTests {
  private static let workload = WorkloadSpec(
    metadata: Metadata(name: "chat"), type: .inference, replicas: .range(CountRange(1)),
    resources: ReplicaResources())

  private static func cluster(_ name: String, _ provider: ProviderSettings) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: name), provider: provider, region: "r", zones: ["z"],
      prometheus: PrometheusSettings(url: "http://\(name)"))
  }

  private static let kubernetes = cluster(
    "k8s", .kubernetes(KubernetesSettings(namespace: "ml")))
  private static let slurm = cluster("hpc", .slurm(SlurmSettings()))

  private static let named: UsageQueries = {
    var queries = UsageQueries()
    queries.measuredFor = "length{job=\"$workload\"}[$since]"
    queries.memoryPeak = "memory"
    queries.cpuPeak = "cores"
    queries.devicesPeak = "devices"
    return queries
  }()

  private func usage(
    _ clusters: [ClusterSpec] = [slurm], _ queries: UsageQueries = named,
    _ answer: @escaping @Sendable (String, ClusterName) -> Result<Double?, Failure>
  ) async -> RecordedUse.Answer? {
    let use = RecordedUse(metrics: Answers(answer: answer), since: .hours(168), queries: queries)
    let desired = DesiredState(clusters: clusters, workloads: [Self.workload])
    return await use.usage(of: desired.workloads, in: desired).first?.answer
  }

  @Test func eachAmountIsAnswered() async {
    let answer = await usage { query, _ in
      switch query {
      case "length{job=\"chat\"}[7d]": .success(360_000)
      case "memory": .success(1e9 + 0.5)
      case "cores": .success(1.25)
      default: .success(nil)
      }
    }
    #expect(
      answer
        == .measured(
          WorkloadUsage(
            workload: WorkloadName("chat"), measuredFor: .hours(100), cpuMilliPeak: 1250,
            memoryBytesPeak: 1_000_000_001)), "and nothing that has no answer is zero")
  }

  @Test func ofSeveralClustersTheMostCounts() async {
    let other = Self.cluster("other", .slurm(SlurmSettings()))
    let answer = await usage([Self.slurm, other]) { query, cluster in
      let isOther = cluster == ClusterName("other")
      return .success(
        query == "memory" ? (isOther ? 7 : 5) : query.hasPrefix("length") ? 3600 : nil)
    }
    guard case .measured(let usage)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(usage.memoryBytesPeak == 7)
  }

  @Test(arguments: [
    (Double.nan, "which is no amount"), (.infinity, "which is no amount"),
    (-1, "which is no amount"), (1e300, "which is no amount"),
  ])
  func whatIsNoAmountIsSaidAndNotUsed(_ value: Double, _ words: String) async {
    let answer = await usage { query, _ in .success(query.hasPrefix("length") ? 3600 : value) }
    guard case .unknown(let why)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(why.hasSuffix(words) && why.contains("'cpuPeak'"), "\(why)")
  }

  @Test func whoWasMeasuredForLongerThanAskedForWasNot() async {
    let answer = await usage { _, _ in .success(1e6) }
    guard case .unknown(let why)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(why.contains("more than the 7d"), "\(why)")
  }

  /// A time that is told in steps may be a step longer.
  @Test func nobodyIsMeasuredForLongerThanIsLookedBack() async {
    let answer = await usage { query, _ in .success(query.hasPrefix("length") ? 605_100 : 1) }
    guard case .measured(let usage)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(usage.measuredFor == .hours(168))
  }

  @Test func whyNothingIsKnownIsSaid() async {
    let failing = await usage { _, _ in .failure(.transient("Prometheus is away")) }
    #expect(failing == .unknown("Prometheus is away"))
    let nothing = await usage { _, _ in .success(nil) }
    #expect(nothing == .unknown("nothing was measured of it in 7d"))
    let nameless = await usage([Self.slurm], UsageQueries()) { _, _ in .success(1) }
    #expect(
      nameless
        == .unknown(
          "its provider has no names of its own for what is measured: say 'queries' in --usage"))
    var blind = Self.slurm
    blind.prometheus = nil
    let unmeasured = await usage([blind]) { _, _ in .success(1) }
    #expect(unmeasured == .unknown("no cluster that it may use has a 'prometheus'"))
  }

  @Test func podsAreAskedForByTheirNames() async {
    let answer = await usage([Self.kubernetes], UsageQueries()) { query, _ in
      guard query.contains(#"namespace="ml",pod=~"chat-[0-9]+-[0-9a-f]{8}""#),
        !query.contains("$"), query.contains("[7d")
      else { return .failure(.terminal("asked for \(query)")) }
      return .success(0.5)
    }
    guard case .unknown(let why)? = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(why == "nothing was measured of it in 7d", "half a second is none")
  }
}
