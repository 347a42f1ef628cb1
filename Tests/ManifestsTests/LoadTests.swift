import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

@Suite struct LoadTests {
  private func read(_ text: String) -> Diagnosed<LoadCurve?> {
    LoadReader.read(SourceText(path: "load.yaml", text: text))
  }

  private static let head = "apiVersion: setpoint/v1\nkind: Load\n"

  @Test func aFileIsACurve() {
    let read = read(
      Self.head + """
        repeatAfter: 24h
        workloads:
          - workload: chat
            points: [{at: 0h, replicas: 2}, {at: 8h, replicas: 12}]
          - workload: batch
            points: [{at: 1h30m, demand: {compute: 40, storage: 2.5}}]
          - workload: web
            points: [{at: 0h, metrics: [300, 0.5]}, {at: 1h, metrics: unknown}]

        """)
    #expect(read.diagnostics == [])
    #expect(read.value?.repeatAfter == .hours(24))
    #expect(
      read.value?.workloads == [
        WorkloadLoad(
          workload: WorkloadName("chat"),
          points: [
            LoadPoint(at: .zero, load: .range(CountRange(2))),
            LoadPoint(at: .hours(8), load: .range(CountRange(12))),
          ]),
        WorkloadLoad(
          workload: WorkloadName("batch"),
          points: [
            LoadPoint(
              at: .minutes(90),
              load: .demand(Demand(computeMilli: 40_000, storageMilli: 2500, networkMilli: 0)))
          ]),
        WorkloadLoad(
          workload: WorkloadName("web"),
          points: [
            LoadPoint(at: .zero, load: .measured([300_000, 500])),
            LoadPoint(at: .hours(1), load: .measured([])),
          ]),
      ])
  }

  /// Each with the mark where it must be shown.
  @Test(arguments: [
    ("workloads: 1️⃣[]\n", Code.emptyList),
    ("workloads: [{workload: a, points: 1️⃣[]}]\n", .emptyList),
    ("workloads: [{workload: a, points: [{at: 0h, 1️⃣replica: 2}]}]\n", .unknownField),
    ("workloads: [{workload: a, points: [{at: 0h, metrics: 1️⃣[]}]}]\n", .emptyList),
    ("workloads: [{workload: a, points: [{at: 0h, metrics: 1️⃣none}]}]\n", .wrongType),
    ("workloads: [{workload: a, points: [{at: 1️⃣soon, replicas: 2}]}]\n", .invalidDuration),
    ("workloads: [{workload: a, points: [{at: 1️⃣5, replicas: 2}]}]\n", .missingUnit),
    ("workloads: [{workload: a, points: [{1️⃣at: 0h}]}]\n", .missingField),
    (
      "workloads: [{workload: a, points: [{at: 2h, replicas: 2}, {at: 1️⃣1h, replicas: 3}]}]\n",
      .loadOrder
    ),
    (
      "workloads: [{workload: a, points: [{at: 2h, replicas: 2}, {at: 1️⃣2h, replicas: 3}]}]\n",
      .loadOrder
    ),
    (
      "repeatAfter: 2h\nworkloads: [{workload: a, points: [{at: 1️⃣2h, replicas: 2}]}]\n",
      .loadOrder
    ),
    (
      "repeatAfter: 1️⃣0s\nworkloads: [{workload: a, points: [{at: 0h, replicas: 2}]}]\n",
      .loadOrder
    ),
    (
      "workloads: [{workload: a, points: [{at: 0h, replicas: 2}]},"
        + " {workload: 1️⃣a, points: [{at: 0h, replicas: 2}]}]\n", .repeatedItem
    ),
    ("workloads: 1️⃣a: b\n", Code("yaml", "syntax")),
  ]) func whatIsWrongHasAPlace(text: String, code: Code) {
    let marked = MarkedText(Self.head + text)
    let read = read(marked.text)
    #expect(read.value == nil)
    #expect(read.diagnostics.first?.code == code, "\(read.diagnostics)")
    guard code != Code("yaml", "syntax"), case .span(let span)? = read.diagnostics.first?.place
    else { return }
    #expect(span.range.lowerBound == marked.offset("1️⃣"), "\(text)")
  }

  @Test(arguments: ["", "# nothing\n", "kind: Load\n---\nkind: Load\n"])
  func oneDocumentIsOneFile(text: String) {
    let read = read(text)
    #expect(read.value == nil)
    #expect(read.diagnostics.count >= 1)
    #expect(read.diagnostics.allSatisfy { $0.severity == .error })
  }

  @Test func anotherKindIsNoLoad() {
    let read = read("apiVersion: setpoint/v1\nkind: Workload\nworkloads: []\n")
    #expect(read.value == nil && !read.diagnostics.isEmpty)
  }
}

@Suite struct FieldSettingTests {
  private let pool = manifest(
    "NodePool", name: "h100-big",
    "cluster: lab\ninstanceTypes: [p5.48xlarge]\ncapacity: [spot, on-demand]\nnodes: 0..16")

  private var spec: AnySpec {
    get throws {
      try #require(ManifestReader.read(SourceText(path: "p.yaml", text: pool)).value)
    }
  }

  private func set(_ text: String) throws -> (Diagnosed<AnySpec?>, SourceText) {
    let setting = try #require(FieldSetting(text))
    let spec = try spec
    let (object, path) = try #require(
      setting.target(among: [ObjectID(.nodePool, "h100"), spec.id]))
    #expect(object == spec.id)
    let (source, read) = setting.applied(to: spec, at: path)
    return (read, source)
  }

  @Test func oneFieldBecomesAnother() throws {
    guard case .nodePool(let pool)? = try set("pool/h100-big.nodes=32").0.value else {
      Issue.record("no pool")
      return
    }
    #expect(pool.nodes == CountRange(32))
    #expect(pool.capacity == [.spot, .onDemand])
    guard case .nodePool(let spot)? = try set("NodePool/h100-big.spec.capacity=[spot]").0.value,
      case .nodePool(let labelled)? = try set("pool/h100-big.labels.fabric=ib").0.value,
      case .nodePool(let slow)? = try set("pool/h100-big.disruption.consolidateAfter=1h").0.value
    else {
      Issue.record("no pool")
      return
    }
    #expect(spot.capacity == [.spot])
    #expect(labelled.labels["fabric"] == "ib")
    #expect(slow.disruption.consolidateAfter == .hours(1))
  }

  @Test(arguments: [
    ("pool/h100-big.nods=32", Code.unknownField), ("pool/h100-big.nodes=many", .invalidRange),
    ("pool/h100-big.nodes=[1]", .wrongType), ("pool/h100-big.nodes.min=3", .wrongType),
    ("pool/h100-big.nodes={", Code("yaml", "syntax")), ("pool/h100-big.=1", .unknownField),
  ]) func whatIsWrongIsSaidAsOfAFile(text: String, code: Code) throws {
    let (read, source) = try set(text)
    #expect(read.hasErrors)
    #expect(read.diagnostics.first?.code == code, "\(read.diagnostics)")
    #expect(source.path == "--set \(text)")
  }

  @Test(arguments: [
    "", "pool", "pool/a", "pool/a.nodes", "poll/a.nodes=1", "pool.a.nodes=1", "=1",
    "pool/a.nodes=1\n---\nkind: Gate",
  ]) func otherWordsAreNoSetting(text: String) { #expect(FieldSetting(text) == nil) }

  @Test func ofTwoNamesTheLongerIsMeant() {
    let known = [ObjectID(.workload, "a"), ObjectID(.workload, "a.b")]
    let target = FieldSetting("workload/a.b.replicas=1")?.target(among: known)
    #expect(target?.object == known[1])
    #expect(target?.path == ["spec", "replicas"])
    #expect(FieldSetting("workload/c.replicas=1")?.target(among: known) == nil)
  }
}
