import JSON
import Model
import Planning

extension ReportEntry: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .demandClamped(let workload, let units, let to, let limits):
      writer.member("note", "demandClamped")
      writer.member("workload", workload.text)
      writer.member("units", units)
      writer.member("to", to)
      writer.member("limitMin", limits.min)
      writer.member("limitMax", limits.max)
    case .notAssessed(let workload):
      writer.member("note", "notAssessed")
      writer.member("workload", workload.text)
    case .scaled(let workload, let old, let decision):
      writer.member("note", "scaled")
      writer.member("workload", workload.text)
      writer.member("from", old)
      writer.member("decision", decision)
    case .notObserved(let cluster, let reason):
      writer.member("note", "notObserved")
      writer.member("cluster", cluster.text)
      writer.member("reason", ifPresent: reason)
    case .rolloutHeld(let workload, let pending):
      writer.member("note", "rolloutHeld")
      writer.member("workload", workload.text)
      writer.member("pending", pending)
    case .disruptionDeferred(let node, let budget):
      writer.member("note", "disruptionDeferred")
      writer.member("node", node.description)
      writer.member("budget", budget)
    case .kept(let object):
      writer.member("note", "kept")
      writer.member("object", object.description)
    case .reduced(let workload, let replicas, let max, let pending):
      writer.member("note", "reduced")
      writer.member("workload", workload.text)
      writer.member("replicas", replicas)
      writer.member("replicasMax", max)
      writer.member("pending", pending)
    case .finished(let workload):
      writer.member("note", "finished")
      writer.member("workload", workload.text)
    case .crashLooping(let replica, let restarts):
      writer.member("note", "crashLooping")
      writer.member("replica", replica.description)
      writer.member("restarts", restarts)
    case .standsAgainst, .notPacked, .headroom, .contested: writePlacing(to: &writer)
    case .idle, .overBudget: writeUse(to: &writer)
    case .nodeDegraded(let node, let phase, let reason):
      writer.member("note", "nodeDegraded")
      writer.member("node", node.description)
      writer.member("phase", phase.rawValue)
      writer.member("reason", ifPresent: reason)
    }
  }

  /// Entries about where things stand.
  private func writePlacing(to writer: inout JSONWriter) {
    switch self {
    case .standsAgainst(let workload, let kind, let rule, let ordinals):
      writer.member("note", "standsAgainst")
      writer.member("workload", workload.text)
      writer.member("rule", kind.rawValue)
      writer.member("workloads", rule.workloads.pairs)
      writer.member("within", rule.within.rawValue)
      writer.member("ordinals", ordinals)
    case .notPacked(let workload, let level, let areas):
      writer.member("note", "notPacked")
      writer.member("workload", workload.text)
      writer.member("within", level.rawValue)
      writer.member("areas", areas)
    case .headroom(let pool, let replicas, let count, let nodes):
      writer.member("note", "headroom")
      writer.member("pool", pool.text)
      writer.member("replicas", replicas)
      writer.member("replicasWanted", count)
      writer.member("nodes", nodes.map(\.description))
    case .contested(let cluster, let scheduler):
      writer.member("note", "contested")
      writer.member("cluster", cluster.text)
      writer.member("scheduler", scheduler)
    case .demandClamped, .notAssessed, .notObserved, .rolloutHeld, .disruptionDeferred, .kept,
      .reduced, .finished, .crashLooping, .nodeDegraded, .scaled, .overBudget,
      .idle:
      break
    }
  }

  /// Entries about what is used and paid for.
  private func writeUse(to writer: inout JSONWriter) {
    switch self {
    case .idle(let workload, let since, let isStopped):
      writer.member("note", "idle")
      writer.member("workload", workload.text)
      writer.member("since", ifPresent: since?.description)
      writer.member("isStopped", isStopped)
    case .overBudget(let owner, let spent, let budget):
      writer.member("note", "overBudget")
      writer.member("object", owner.description)
      writer.member("spentMicros", spent.micros)
      writer.member("monthlyMicros", budget.monthly.micros)
      writer.member("onExceed", budget.onExceed.rawValue)
    case .demandClamped, .notAssessed, .notObserved, .rolloutHeld, .disruptionDeferred, .kept,
      .reduced, .finished, .crashLooping, .nodeDegraded, .scaled, .standsAgainst, .notPacked,
      .headroom, .contested:
      break
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf("note", Self.ofWorkloads + Self.ofNodes)
  }

  private static let ofWorkloads: [ObjectReader.Form<ReportEntry>] = [
    .init("demandClamped") { (object) throws(DocumentProblem) in
      let (low, high) = (try object.int("limitMin"), try object.int("limitMax"))
      try object.require(low <= high, "limitMax", "expected no less than limitMin")
      return .demandClamped(
        WorkloadName(try object.text("workload")), units: try object.int("units"),
        to: try object.int("to"), limits: CountRange(low, high))
    },
    .init("notAssessed") { (object) throws(DocumentProblem) in
      .notAssessed(WorkloadName(try object.text("workload")))
    },
    .init("scaled") { (object) throws(DocumentProblem) in
      .scaled(
        WorkloadName(try object.text("workload")), from: try object.int("from"),
        try object.part("decision"))
    },
    .init("rolloutHeld") { (object) throws(DocumentProblem) in
      .rolloutHeld(WorkloadName(try object.text("workload")), try object.part("pending"))
    },
    .init("reduced") { (object) throws(DocumentProblem) in
      .reduced(
        WorkloadName(try object.text("workload")), replicas: try object.int("replicas"),
        max: try object.int("replicasMax"), try object.part("pending"))
    },
    .init("finished") { (object) throws(DocumentProblem) in
      .finished(WorkloadName(try object.text("workload")))
    },
    .init("crashLooping") { (object) throws(DocumentProblem) in
      .crashLooping(try object.replica("replica"), restarts: try object.int("restarts"))
    },
    .init("standsAgainst") { (object) throws(DocumentProblem) in
      .standsAgainst(
        WorkloadName(try object.text("workload")), try object.word("rule"),
        NeighbourRule(workloads: try object.labels("workloads"), within: try object.word("within")),
        ordinals: try object.ints("ordinals"))
    },
    .init("notPacked") { (object) throws(DocumentProblem) in
      .notPacked(
        WorkloadName(try object.text("workload")), try object.word("within"),
        areas: try object.int("areas"))
    },
    .init("idle") { (object) throws(DocumentProblem) in
      .idle(
        WorkloadName(try object.text("workload")), since: try object.optionalForm("since"),
        isStopped: try object.bool("isStopped"))
    },
    .init("overBudget") { (object) throws(DocumentProblem) in
      let owner = try object.object("object")
      try object.require(
        owner.kind == .cluster || owner.kind == .queue, "object", "expected a cluster or a queue")
      let budget = Budget(
        monthly: Money(micros: try object.int64("monthlyMicros")),
        onExceed: try object.word("onExceed"))
      return .overBudget(
        owner.kind == .cluster
          ? .cluster(ClusterName(owner.name)) : .queue(QueueName(owner.name)),
        spent: Money(micros: try object.int64("spentMicros")), budget)
    },
    .init("kept") { (object) throws(DocumentProblem) in .kept(try object.object("object")) },
  ]

  private static let ofNodes: [ObjectReader.Form<ReportEntry>] = [
    .init("notObserved") { (object) throws(DocumentProblem) in
      .notObserved(
        ClusterName(try object.text("cluster")), reason: try object.optionalText("reason"))
    },
    .init("contested") { (object) throws(DocumentProblem) in
      .contested(
        ClusterName(try object.text("cluster")), scheduler: try object.text("scheduler"))
    },
    .init("disruptionDeferred") { (object) throws(DocumentProblem) in
      .disruptionDeferred(try object.node("node"), budget: try object.int("budget"))
    },
    .init("headroom") { (object) throws(DocumentProblem) in
      .headroom(
        PoolName(try object.text("pool")), replicas: try object.int("replicas"),
        of: try object.int("replicasWanted"), on: try object.nodes("nodes"))
    },
    .init("nodeDegraded") { (object) throws(DocumentProblem) in
      .nodeDegraded(
        try object.node("node"), try object.word("phase"),
        reason: try object.optionalText("reason"))
    },
  ]
}
