import Model
import Planning

/// A fact that a plan depends on, and what is there instead, in one sentence.
enum FactWording {
  static func text(_ broken: BrokenFact) -> String {
    "\(expected(broken.fact)); \(found(broken.found, instead: broken.fact))"
  }

  private static func expected(_ fact: ReadSet.Fact) -> String {
    switch fact {
    case .room(let room): "it uses \(amounts(room.amounts)) of node \(room.node)"
    case .absent(let node): "it creates node \(node)"
    case .lost(let node): "it counts node \(node) as gone"
    case .idle(let node, _): "it deletes node \(node), on which nothing else was"
    case .runs(let replica, let nodes):
      "it found \(replica) \(nodes.isEmpty ? "nowhere" : "on \(list(nodes))")"
    case .price(let cluster, let instanceType, let capacityType, let price):
      "it buys \(instanceType) (\(capacityType.rawValue)) in \(cluster) for \(price)/h"
    case .quota(let queue, let model, let milli):
      "it takes \(devices(milli, model)) of queue \(queue)"
    }
  }

  private static func found(_ found: BrokenFact.Found, instead fact: ReadSet.Fact) -> String {
    switch found {
    case .unseen(let cluster): "cluster \(cluster) can't be seen wholly now"
    case .nothing: "there is no such node now"
    case .node(let phase): isAbsence(fact) ? "there is one now, \(phase)" : "it is \(phase) now"
    case .amounts(let free): "now \(amounts(free)) is free there"
    case .device(let index, let milli):
      "of its device \(index), \(Quantity.cores.text(milli)) is free now"
    case .labels(let labels):
      "its labels are now "
        + labels.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    case .taints(let taints):
      taints.isEmpty
        ? "it has no taint any more"
        : "its taints are now \(taints.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))"
    case .inhabitant(let name): "now \(name) is on it"
    case .runs(let nodes): nodes.isEmpty ? "it is nowhere now" : "it is on \(list(nodes)) now"
    case .price(let price): price.map { "the price is \($0)/h now" } ?? "it is not for sale now"
    case .quota(let milli): "\(Quantity.cores.text(max(0, milli))) of its limit is left now"
    }
  }

  private static func isAbsence(_ fact: ReadSet.Fact) -> Bool {
    switch fact {
    case .absent: true
    case .room, .lost, .idle, .runs, .price, .quota: false
    }
  }

  private static func list(_ nodes: [NodeID]) -> String {
    nodes.map(\.description).joined(separator: ", ")
  }

  private static func devices(_ milli: Int64, _ model: AcceleratorModel?) -> String {
    "\(Quantity.cores.text(milli)) \(model?.text ?? "accelerators")"
  }

  private static func amounts(_ amounts: Resources) -> String {
    var parts = ["cpu \(Quantity.cores.text(amounts.cpuMilli))"]
    parts.append("memory \(Quantity.bytes.text(amounts.memoryBytes))")
    if amounts.storageBytes > 0 {
      parts.append("storage \(Quantity.bytes.text(amounts.storageBytes))")
    }
    if amounts.networkBitsPerSecond > 0 {
      parts.append("network \(Quantity.bandwidth.text(amounts.networkBitsPerSecond))")
    }
    return parts.joined(separator: ", ")
  }
}
