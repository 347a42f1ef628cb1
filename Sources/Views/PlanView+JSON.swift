import Digests
import JSON
import Model
import Planning
import Scheduling

extension PlanView {
  /// The same facts for programs. Members are added in later versions and none changes its meaning;
  /// reasons and causes are stable words, to which later versions may add.
  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "plan")
      writer.member("id", plan.id.digest.hex)
      writer.member("target", plan.target.id.digest.hex)
      writer.member("parent", ifPresent: plan.target.parent?.digest.hex)
      writer.member("isEmpty", plan.isEmpty)
      writer.member("summary", PlanSummary(plan).line)
      writer.member("changes", objects: plan.changes) { $1.write(to: &$0) }
      writer.member("actions", objects: plan.actions) { $1.write(to: &$0) }
      writer.member("nodes", objects: plan.nodes) { $1.write(to: &$0) }
      writer.member("placements", objects: plan.placements) { $1.write(to: &$0) }
      writer.member("pending", objects: plan.pending) { $1.write(to: &$0) }
      writer.member("notes", plan.report.map { Reports.text($0) })
      writer.member("gates", objects: plan.gates) { $1.write(to: &$0) }
      writer.member("cost") { $0.object { plan.cost.write(to: &$0) } }
    }
  }
}

extension ObjectChange {
  func write(to writer: inout JSONWriter) {
    writer.member("object", object.description)
    writer.member("action", action.rawValue)
    writer.member("fields", objects: fields) { writer, field in
      writer.member("path", field.path)
      writer.member("before", ifPresent: field.before)
      writer.member("after", ifPresent: field.after)
      writer.member("effect", field.effect.rawValue)
    }
  }
}

extension Action {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id.text)
    writer.member("cause") { $0.object { cause.write(to: &$0) } }
    writer.member("waits", objects: waits) { writer, wait in
      switch wait {
      case .nodeReady(let node): writer.member("nodeReady", node.description)
      case .nodeEmpty(let node): writer.member("nodeEmpty", node.description)
      case .replicaReady(let replica, let node):
        writer.member("replicaReady", replica.description)
        writer.member("on", node.description)
      case .replicaGone(let replica, let node):
        writer.member("replicaGone", replica.description)
        writer.member("on", node.description)
      }
    }
  }
}

extension Cause {
  func write(to writer: inout JSONWriter) {
    writer.member("word", word)
    writer.member("text", Causes.text(self))
    switch self {
    case .changed(let path): writer.member("path", path)
    case .nodeLost(let node, let reason):
      writer.member("node", node.description)
      writer.member("reason", ifPresent: reason)
    case .nodeLeaving(let node): writer.member("node", node.description)
    case .preempted(let workload, let why):
      writer.member("by", workload.text)
      writer.member("preemption", why.rawValue)
    case .needed(let workload): writer.member("by", workload.text)
    case .empty(let since): writer.member("since", since.description)
    case .wanted, .unwanted, .gangRestart, .poolMinimum, .poolShrunk, .expired, .orphaned: break
    }
  }

  private var word: String {
    switch self {
    case .wanted: "wanted"
    case .unwanted: "unwanted"
    case .changed: "changed"
    case .nodeLost: "nodeLost"
    case .nodeLeaving: "nodeLeaving"
    case .preempted: "preempted"
    case .gangRestart: "gangRestart"
    case .needed: "needed"
    case .poolMinimum: "poolMinimum"
    case .poolShrunk: "poolShrunk"
    case .empty: "empty"
    case .expired: "expired"
    case .orphaned: "orphaned"
    }
  }
}

extension NodeChange {
  func write(to writer: inout JSONWriter) {
    writer.member("node", node.description)
    writer.member("action", kind.rawValue)
    writer.member("pool", ifPresent: pool?.text)
    writer.member("instanceType", instanceType)
    writer.member("zone", zone)
    writer.member("capacity", capacityType.rawValue)
    writer.member("pricePerHour", ifPresent: pricePerHour?.description)
    writer.member("accelerators", ifPresent: accelerators?.description)
    writer.member("cause") { $0.object { cause.write(to: &$0) } }
  }
}

extension PlacementChange {
  func write(to writer: inout JSONWriter) {
    writer.member("replica", replica.description)
    writer.member("action", kind.rawValue)
    writer.member("from", ifPresent: from?.description)
    writer.member("to", ifPresent: to?.description)
    writer.member("devices") { $0.array(devices) { $0.number($1) } }
    writer.member("lossMilliDeviceSeconds", lossMilliDeviceSeconds)
    writer.member("cause") { $0.object { cause.write(to: &$0) } }
  }
}

extension PendingReplicas {
  func write(to writer: inout JSONWriter) {
    writer.member("workload", workload.text)
    writer.member("ordinals") { $0.array(ordinals) { $0.number($1) } }
    writer.member("reasons", objects: reasons) { writer, count in
      writer.member("reason", count.reason.rawValue)
      writer.member("nodes", count.nodes)
      writer.member("offers", count.offers)
    }
    writer.member("remedy", ifPresent: remedy.map { Remedies.text($0, for: workload) })
  }
}

extension GateOutcome {
  func write(to writer: inout JSONWriter) {
    writer.member("gate", gate.text)
    writer.member("rule", Gates.text(rule))
    writer.member("isBroken", isBroken)
    writer.member("findings", findings)
  }
}

extension CostChange {
  func write(to writer: inout JSONWriter) {
    writer.member("beforePerHour", beforePerHour.description)
    writer.member("afterPerHour", afterPerHour.description)
    writer.member("changePerHour", changePerHour.description)
    writer.member("unpriced", unpriced.map(\.description))
  }
}
