import Digests
public import JSON
public import Model
public import Planning
public import Scheduling

/// A what-if as a document: what was assumed, what would happen, and what would happen without it.
public struct SimulationReport: Hashable, Sendable {
  /// As they were said: `lose zone=us-east-1a`.
  public var assumptions: [String]
  public var course: SimulatedCourse
  /// Without the assumptions; nil where nothing is assumed.
  public var without: SimulatedCourse?

  public init(assumptions: [String], course: SimulatedCourse, without: SimulatedCourse? = nil) {
    self.assumptions = assumptions
    self.course = course
    self.without = without
  }
}

/// What a forecast tells, without the targets that are an inside matter.
public struct SimulatedCourse: Hashable, Sendable {
  public var startedAt: Timestamp
  public var endedAt: Timestamp
  public var quietAt: Timestamp?
  public var events: [ForecastEvent]
  public var plans: [SimulatedPlan]
  public var samples: [ForecastSample]
  public var costs: [ForecastCost]
  public var cost: Money
  public var unpriced: [NodeID]
  public var pending: [PendingReplicas]

  public init(_ forecast: Forecast) {
    startedAt = forecast.startedAt
    endedAt = forecast.endedAt
    quietAt = forecast.quietAt
    events = forecast.events
    plans = forecast.plans.map(SimulatedPlan.init)
    samples = forecast.samples
    costs = forecast.costs
    cost = forecast.cost
    unpriced = forecast.unpriced
    pending = forecast.pending
  }
}

/// The effects of one plan on the way.
public struct SimulatedPlan: Hashable, Sendable {
  public var at: Timestamp
  public var id: String
  public var nodes: [NodeChange]
  public var placements: [PlacementChange]
  public var pending: [PendingReplicas]
  public var report: [ReportEntry]
  public var cost: CostChange

  init(_ plan: ForecastPlan) {
    at = plan.at
    id = plan.plan.id.digest.hex
    nodes = plan.plan.nodes
    placements = plan.plan.placements
    pending = plan.plan.pending
    report = plan.plan.report
    cost = plan.plan.cost
  }
}

extension SimulationReport: Document {
  public static var kind: String { "simulation" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout JSONWriter) {
    writer.member("assumptions", assumptions)
    writer.member("course", course)
    writer.member("without", ifPresent: without)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      assumptions: try object.texts("assumptions"), course: try object.part("course"),
      without: try object.optionalPart("without"))
  }
}

extension SimulatedCourse: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("startedAt", startedAt.description)
    writer.member("endedAt", endedAt.description)
    writer.member("quietAt", ifPresent: quietAt?.description)
    writer.member("events", events)
    writer.member("plans", plans)
    writer.member("samples", samples)
    writer.member("costs", costs)
    writer.member("costMicros", cost.micros)
    writer.member("unpriced", unpriced.map(\.description))
    writer.member("pending", pending)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    startedAt = try object.form("startedAt")
    endedAt = try object.form("endedAt")
    quietAt = try object.optionalForm("quietAt")
    events = try object.parts("events")
    plans = try object.parts("plans")
    samples = try object.parts("samples")
    costs = try object.parts("costs")
    cost = Money(micros: try object.int64("costMicros"))
    unpriced = try object.nodes("unpriced")
    pending = try object.parts("pending")
  }
}

extension SimulatedPlan: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("at", at.description)
    writer.member("id", id)
    writer.member("nodes", nodes)
    writer.member("placements", placements)
    writer.member("pending", pending)
    writer.member("report", report)
    writer.member("cost", cost)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    at = try object.form("at")
    id = try object.text("id")
    nodes = try object.parts("nodes")
    placements = try object.parts("placements")
    pending = try object.parts("pending")
    report = try object.parts("report")
    cost = try object.part("cost")
  }
}

extension ForecastEvent: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("at", at.description)
    writer.member("kind", kind.rawValue)
    writer.member("subject", subject)
    writer.member("detail", detail)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      at: try object.form("at"), kind: try object.word("kind"),
      subject: try object.text("subject"), detail: try object.text("detail"))
  }
}

extension ForecastSample: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("at", at.description)
    writer.member("nodes", nodes)
    writer.member("replicasWanted", replicasWanted)
    writer.member("replicasReady", replicasReady)
    writer.member("needMilli", ifPresent: needMilli)
    writer.member("devices", devices)
    writer.member("devicesHeld", devicesHeld)
    writer.member("costPerHourMicros", costPerHour.micros)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      at: try object.form("at"), nodes: try object.int("nodes"),
      replicasWanted: try object.int("replicasWanted"),
      replicasReady: try object.int("replicasReady"),
      needMilli: try object.optionalInt64("needMilli"), devices: try object.int("devices"),
      devicesHeld: try object.int("devicesHeld"),
      costPerHour: Money(micros: try object.int64("costPerHourMicros")))
  }
}

extension ForecastCost: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("pool", pool.text)
    writer.member("nodeSeconds", nodeSeconds)
    writer.member("costMicros", cost.micros)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      pool: PoolName(try object.text("pool")), nodeSeconds: try object.int64("nodeSeconds"),
      cost: Money(micros: try object.int64("costMicros")))
  }
}
