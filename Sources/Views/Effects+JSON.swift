import JSON
import Model
import Planning
import Scheduling

// The effects of a plan as reviews write them, with the words that people read beside the facts.

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
