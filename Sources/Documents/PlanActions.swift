import JSON
import Model
import Planning

/// A step of a plan by its names: what the names stand for is in the target and in the manifests.
struct ActionRecord: DocumentPart, CustomStringConvertible {
  enum Step {
    case createNode(NodeID)
    case drainNode(NodeID)
    case deleteNode(NodeID)
    case startReplica(ReplicaID, on: NodeID)
    case stopReplica(ReplicaID, on: NodeID)
  }

  static var partName: String { "Action" }

  let id: String
  let step: Step
  let cause: Cause
  let waits: [Wait]

  var description: String { "action '\(id)'" }

  init(_ action: Action) {
    id = action.id.text
    cause = action.cause
    waits = action.waits
    step =
      switch action.step {
      case .createNode(let node): .createNode(node.id)
      case .drainNode(let node): .drainNode(node)
      case .deleteNode(let node): .deleteNode(node)
      case .startReplica(let order): .startReplica(order.replica.id, on: order.replica.node)
      case .stopReplica(let replica, let node): .stopReplica(replica, on: node)
      }
  }

  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    switch step {
    case .createNode(let node): write("createNode", nil, node, to: &writer)
    case .drainNode(let node): write("drainNode", nil, node, to: &writer)
    case .deleteNode(let node): write("deleteNode", nil, node, to: &writer)
    case .startReplica(let replica, let node): write("startReplica", replica, node, to: &writer)
    case .stopReplica(let replica, let node): write("stopReplica", replica, node, to: &writer)
    }
    writer.member("cause", cause)
    writer.member("waits", waits)
  }

  private func write(
    _ word: String, _ replica: ReplicaID?, _ node: NodeID, to writer: inout JSONWriter
  ) {
    writer.member("step", word)
    writer.member("replica", ifPresent: replica?.description)
    writer.member("node", node.description)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    id = try object.text("id")
    cause = try object.part("cause")
    waits = try object.parts("waits")
    step = try object.oneOf(
      "step",
      [
        .init("createNode") { (object) throws(DocumentProblem) in
          .createNode(try object.node("node"))
        },
        .init("drainNode") { (object) throws(DocumentProblem) in
          .drainNode(try object.node("node"))
        },
        .init("deleteNode") { (object) throws(DocumentProblem) in
          .deleteNode(try object.node("node"))
        },
        .init("startReplica") { (object) throws(DocumentProblem) in
          .startReplica(try object.replica("replica"), on: try object.node("node"))
        },
        .init("stopReplica") { (object) throws(DocumentProblem) in
          .stopReplica(try object.replica("replica"), on: try object.node("node"))
        },
      ])
  }
}

/// What the names in a plan's steps stand for.
struct StepNames {
  private let nodes: [NodeID: TargetNode]
  private let replicas: [ReplicaID: TargetReplica]
  private let members: [WorkloadName: [TargetReplica]]
  private let workloads: [WorkloadName: WorkloadSpec]

  init(_ target: Target, _ desired: DesiredState) {
    nodes = Dictionary(target.nodes.map { ($0.id, $0) }) { first, _ in first }
    replicas = Dictionary((target.replicas + target.surge).map { ($0.id, $0) }) { first, _ in
      first
    }
    members = Dictionary(grouping: target.replicas, by: \.id.workload)
    workloads = Dictionary(desired.workloads.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Nil where the target or the desired state lacks what the step names, or has it otherwise.
  func action(_ record: ActionRecord) -> Action? {
    guard let step = step(record.step), step.id.text == record.id else { return nil }
    return Action(step: step, cause: record.cause, waits: record.waits)
  }

  private func step(_ step: ActionRecord.Step) -> Step? {
    switch step {
    case .createNode(let node): return nodes[node].map { .createNode($0) }
    case .drainNode(let node): return .drainNode(node)
    case .deleteNode(let node): return .deleteNode(node)
    case .stopReplica(let replica, let node): return .stopReplica(replica, on: node)
    case .startReplica(let id, let node):
      guard let replica = replicas[id], replica.node == node, let workload = workloads[id.workload]
      else { return nil }
      let members = members[id.workload] ?? []
      return .startReplica(
        ReplicaOrder(
          replica: replica, workload: workload, replicaCount: members.count,
          gang: workload.isGang ? members : []))
    }
  }
}

extension Wait: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .nodeReady(let node): write("nodeReady", nil, node, to: &writer)
    case .nodeEmpty(let node): write("nodeEmpty", nil, node, to: &writer)
    case .replicaReady(let replica, let node): write("replicaReady", replica, node, to: &writer)
    case .replicaGone(let replica, let node): write("replicaGone", replica, node, to: &writer)
    }
  }

  private func write(
    _ word: String, _ replica: ReplicaID?, _ node: NodeID, to writer: inout JSONWriter
  ) {
    writer.member("until", word)
    writer.member("replica", ifPresent: replica?.description)
    writer.member("node", node.description)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf(
      "until",
      [
        .init("nodeReady") { (object) throws(DocumentProblem) in
          .nodeReady(try object.node("node"))
        },
        .init("nodeEmpty") { (object) throws(DocumentProblem) in
          .nodeEmpty(try object.node("node"))
        },
        .init("replicaReady") { (object) throws(DocumentProblem) in
          .replicaReady(try object.replica("replica"), on: try object.node("node"))
        },
        .init("replicaGone") { (object) throws(DocumentProblem) in
          .replicaGone(try object.replica("replica"), on: try object.node("node"))
        },
      ])
  }
}

extension Cause: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("word", word)
    switch self {
    case .changed(let path): writer.member("path", path)
    case .nodeLost(let node, let reason):
      writer.member("node", node.description)
      writer.member("reason", ifPresent: reason)
    case .replicaLost(let node), .nodeLeaving(let node):
      writer.member("node", node.description)
    case .preempted(let workload, let why):
      writer.member("by", workload.text)
      writer.member("preemption", why.rawValue)
    case .needed(let workload): writer.member("by", workload.text)
    case .empty(let since): writer.member("since", since.description)
    case .underused(let nodes, let saving):
      writer.member("nodes", nodes)
      writer.member("savingPerHourMicros", saving.micros)
    case .wanted, .unwanted, .gangRestart, .poolMinimum, .headroom, .poolShrunk, .expired,
      .orphaned:
      break
    }
  }

  private var word: String {
    switch self {
    case .wanted: "wanted"
    case .unwanted: "unwanted"
    case .changed: "changed"
    case .nodeLost: "nodeLost"
    case .replicaLost: "replicaLost"
    case .nodeLeaving: "nodeLeaving"
    case .preempted: "preempted"
    case .gangRestart: "gangRestart"
    case .needed: "needed"
    case .poolMinimum: "poolMinimum"
    case .headroom: "headroom"
    case .poolShrunk: "poolShrunk"
    case .empty: "empty"
    case .underused: "underused"
    case .expired: "expired"
    case .orphaned: "orphaned"
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf(
      "word",
      [
        .init("wanted") { _ in .wanted }, .init("unwanted") { _ in .unwanted },
        .init("gangRestart") { _ in .gangRestart }, .init("poolMinimum") { _ in .poolMinimum },
        .init("headroom") { _ in .headroom },
        .init("poolShrunk") { _ in .poolShrunk }, .init("expired") { _ in .expired },
        .init("orphaned") { _ in .orphaned },
        .init("changed") { (object) throws(DocumentProblem) in
          .changed(path: try object.text("path"))
        },
        .init("nodeLost") { (object) throws(DocumentProblem) in
          .nodeLost(try object.node("node"), reason: try object.optionalText("reason"))
        },
        .init("replicaLost") { (object) throws(DocumentProblem) in
          .replicaLost(on: try object.node("node"))
        },
        .init("nodeLeaving") { (object) throws(DocumentProblem) in
          .nodeLeaving(try object.node("node"))
        },
        .init("preempted") { (object) throws(DocumentProblem) in
          .preempted(
            by: WorkloadName(try object.text("by")), try object.word("preemption"))
        },
        .init("needed") { (object) throws(DocumentProblem) in
          .needed(by: WorkloadName(try object.text("by")))
        },
        .init("empty") { (object) throws(DocumentProblem) in
          .empty(since: try object.form("since"))
        },
        .init("underused") { (object) throws(DocumentProblem) in
          .underused(
            nodes: try object.int("nodes"),
            savingPerHour: Money(micros: try object.int64("savingPerHourMicros")))
        },
      ])
  }
}
