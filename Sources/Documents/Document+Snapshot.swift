public import JSON
public import Model

/// Everything that a plan needs of the world, as a file: for planning offline and for bug reports.
public struct Snapshot: Hashable, Sendable {
  public var at: Timestamp
  /// All desired objects as canonical manifests; nil where nothing was ever applied.
  public var manifests: String?
  /// The price files of clusters that have one, sorted by cluster.
  public var prices: [ClusterPrices]
  public var observed: ObservedState

  public init(
    at: Timestamp, manifests: String? = nil, prices: [ClusterPrices] = [], observed: ObservedState
  ) {
    self.at = at
    self.manifests = manifests
    self.prices = prices
    self.observed = observed
  }
}

extension Snapshot: Document {
  public static var kind: String { "snapshot" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout JSONWriter) {
    writer.member("at", at.description)
    writer.member("manifests", ifPresent: manifests)
    writer.member("prices", prices)
    writer.member("observations", observed.observations)
    writer.member("unseen", observed.unseen)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      at: try object.form("at"), manifests: try object.optionalText("manifests"),
      prices: try object.optionalParts("prices"),
      observed: ObservedState(
        try object.parts("observations"), unseen: try object.optionalParts("unseen")))
  }
}

extension ClusterPrices: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("cluster", cluster.text)
    writer.member("text", text)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      cluster: ClusterName(try object.text("cluster")), text: try object.text("text"))
  }
}

extension UnseenCluster: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("cluster", cluster.text)
    writer.member("reason", reason)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(ClusterName(try object.text("cluster")), reason: try object.text("reason"))
  }
}

extension Observation: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("cluster", cluster.text)
    writer.member("at", at.description)
    writer.member("isComplete", isComplete)
    writer.member("nodes", nodes)
    writer.member("replicas", replicas)
    writer.member("occupants", occupants)
    writer.member("contenders", contenders)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      cluster: ClusterName(try object.text("cluster")), at: try object.form("at"),
      isComplete: try object.bool("isComplete"), nodes: try object.parts("nodes"),
      replicas: try object.parts("replicas"), occupants: try object.parts("occupants"),
      contenders: try object.optionalParts("contenders"))
  }
}

extension Contender: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("scheduler", scheduler)
    writer.member("count", count)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(scheduler: try object.text("scheduler"), count: try object.int("count"))
  }
}

extension ObservedNode: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id.description)
    writer.member("pool", ifPresent: pool?.text)
    writer.member("instanceType", instanceType)
    writer.member("zone", zone)
    writer.member("capacityType", capacityType.rawValue)
    writer.member("labels", labels.pairs)
    writer.member("taints", taints)
    writer.member("capacity", capacity)
    writer.member("phase", phase.rawValue)
    writer.member("address", ifPresent: address)
    writer.member("reason", ifPresent: reason)
    writer.member("createdAt", createdAt.description)
    writer.member("emptySince", ifPresent: emptySince?.description)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      id: try object.node("id"), pool: try object.optionalText("pool").map(PoolName.init),
      instanceType: try object.text("instanceType"), zone: try object.text("zone"),
      capacityType: try object.word("capacityType"), labels: try object.labels("labels"),
      taints: try object.parts("taints"), capacity: try object.part("capacity"),
      phase: try object.word("phase"), address: try object.optionalText("address"),
      reason: try object.optionalText("reason"),
      createdAt: try object.form("createdAt"), emptySince: try object.optionalForm("emptySince"))
  }
}

extension ObservedReplica: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id.description)
    writer.member("node", node.description)
    writer.member("devices", devices)
    writer.member("resources", resources)
    writer.member("revision", revision.text)
    writer.member("incarnation", incarnation)
    writer.member("port", ifPresent: port)
    writer.member("phase", phase.rawValue)
    writer.member("reason", ifPresent: reason)
    writer.member("startedAt", startedAt.description)
    writer.member("restarts", restarts)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      id: try object.replica("id"), node: try object.node("node"),
      devices: try object.ints("devices"), resources: try object.part("resources"),
      revision: Revision(try object.text("revision")),
      incarnation: try object.int("incarnation"),
      port: try object.optionalInt64("port").map { Int(clamping: $0) },
      phase: try object.word("phase"),
      reason: try object.optionalText("reason"), startedAt: try object.form("startedAt"),
      restarts: try object.int("restarts"))
  }
}

extension Occupant: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("node", node.description)
    writer.member("resources", resources)
    writer.member("devices", devices)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      name: try object.text("name"), node: try object.node("node"),
      resources: try object.part("resources"), devices: try object.ints("devices"))
  }
}
