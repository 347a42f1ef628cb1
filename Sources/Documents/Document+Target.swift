import Digests
public import JSON
import Model
public import Planning

/// What was decided: kept by the store, shown by no one.
extension Target: Document {
  public static var kind: String { "target" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout JSONWriter) {
    writer.member("id", id.digest.hex)
    writer.member("parent", ifPresent: parent?.digest.hex)
    writer.member("desired", desired.hex)
    writer.member("nodes", nodes)
    writer.member("replicas", replicas)
    writer.member("surge", surge)
    writer.member("finished", finished)
    if !idled.isEmpty { writer.member("idled", idled) }
    writer.member("nextNodeOrdinals", nextNodeOrdinals)
    writer.member("lastIncarnation", lastIncarnation)
    writer.member("edition", edition.rawValue)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    let number = try object.optionalInt64("edition").map { Int(clamping: $0) }
    let edition = Edition(rawValue: number ?? Edition.first.rawValue)
    try object.require(edition != nil, "edition", "there is no such edition")
    self.init(
      parent: try object.optionalText("parent").map { TargetID(Digest(hex: $0)) },
      desired: Digest(hex: try object.text("desired")), nodes: try object.parts("nodes"),
      replicas: try object.parts("replicas"), surge: try object.parts("surge"),
      finished: try object.parts("finished"), idled: try object.optionalParts("idled"),
      nextNodeOrdinals: try object.parts("nextNodeOrdinals"),
      lastIncarnation: try object.optionalInt64("lastIncarnation").map { Int(clamping: $0) },
      edition: edition ?? .first)
    try object.require(
      Self.areUnique(nodes.map(\.id)), "nodes", "a node stands here twice")
    try object.require(
      Self.areUnique((replicas + surge).map(\.id)), "replicas", "a replica stands here twice")
    // The id is computed from what was read, so a document that was altered gives itself away.
    let id = try object.text("id")
    try object.require(
      id == self.id.digest.hex, "id", "the id is not that of the content",
      code: .documentAltered)
  }

  private static func areUnique(_ names: [some Hashable]) -> Bool {
    Set(names).count == names.count
  }
}

extension TargetNode: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id.description)
    writer.member("pool", pool.text)
    writer.member("instanceType", instanceType)
    writer.member("zone", zone)
    writer.member("capacityType", capacityType.rawValue)
    writer.member("pricePerHourMicros", pricePerHour.micros)
    writer.member("capacity", capacity)
    writer.member("labels", labels.pairs)
    writer.member("taints", taints)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      id: try object.node("id"), pool: PoolName(try object.text("pool")),
      instanceType: try object.text("instanceType"), zone: try object.text("zone"),
      capacityType: try object.word("capacityType"),
      pricePerHour: Money(micros: try object.int64("pricePerHourMicros")),
      capacity: try object.part("capacity"), labels: try object.labels("labels"),
      taints: try object.parts("taints"))
  }
}

extension TargetReplica: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id.description)
    writer.member("node", node.description)
    writer.member("devices", devices)
    writer.member("revision", revision.text)
    writer.member("incarnation", incarnation)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      id: try object.replica("id"), node: try object.node("node"),
      devices: try object.ints("devices"), revision: Revision(try object.text("revision")),
      incarnation: try object.int("incarnation"))
  }
}

extension FinishedRun: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("workload", workload.text)
    writer.member("revision", revision.text)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      workload: WorkloadName(try object.text("workload")),
      revision: Revision(try object.text("revision")))
  }
}

extension NodeOrdinal: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("pool", pool.text)
    writer.member("next", next)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(pool: PoolName(try object.text("pool")), next: try object.int("next"))
  }
}
