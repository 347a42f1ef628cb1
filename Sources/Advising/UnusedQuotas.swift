import Manifests
import Model

/// Queues that are guaranteed more devices than their workloads were found to hold.
///
/// What a queue is guaranteed and leaves idle others may borrow, but not count on. The proposal is the
/// peak and 15 per cent more, where that is less by a tenth at least, and never less than what its
/// workloads hold or wait for, or than the queues below it are guaranteed.
enum UnusedQuotas: AdviceRule {
  /// A week at least, so that it holds a weekday of each kind.
  static let enough = Seconds.hours(168)

  static func proposals(in situation: Situation) -> [[Proposal]] {
    var tree = QuotaTree(situation)
    return tree.deepestFirst.compactMap { queue in
      guard let usage = situation.queues[queue.name],
        situation.canEdit(.queue, queue.name.text), usage.measuredFor >= enough
      else { return nil }
      let edits = tree.models(of: queue).compactMap { model -> FieldEdit? in
        guard let before = tree.guaranteed[QuotaTree.Key(queue.name, model)],
          let less = tree.needed(by: queue, of: model, usage), less < before,
          Int64(less) * 100 <= Int64(before) * (100 - OverAsked.worthPercent)
        else { return nil }
        tree.guaranteed[QuotaTree.Key(queue.name, model)] = less
        let path = ["spec", "quota"] + (model.map { ["models", $0.text] } ?? ["accelerators"])
        return FieldEdit(
          queue.id, path, .scalar("\(less)"), before: "\(before)", after: "\(less)")
      }
      return edits.isEmpty ? nil : [Proposal(edits, .unusedQuota(usage))]
    }
  }
}

/// What queues are guaranteed, as far as proposals have got.
private struct QuotaTree {
  struct Key: Hashable {
    let queue: QueueName
    /// Nil for all models together.
    let model: AcceleratorModel?

    init(_ queue: QueueName, _ model: AcceleratorModel?) {
      self.queue = queue
      self.model = model
    }
  }

  var guaranteed: [Key: Int] = [:]
  /// What the workloads of a queue and of those below it hold or wait for, in thousandths of a device.
  private var wanted: [Key: Int64] = [:]
  private var children: [QueueName: [QueueName]] = [:]
  let deepestFirst: [QueueSpec]

  /// No chain of parents is followed beyond this: manifests are checked for cycles, inputs are not.
  private static let depthMax = 64

  init(_ situation: Situation) {
    let queues = situation.desired.queues
    let parents = Dictionary(queues.map { ($0.name, $0.parent) }) { first, _ in first }
    func chain(_ queue: QueueName?) -> [QueueName] {
      var chain: [QueueName] = []
      var next = queue
      while let name = next, chain.count < Self.depthMax {
        chain.append(name)
        next = parents[name] ?? nil
      }
      return chain
    }
    deepestFirst = queues.sorted {
      (-chain($0.name).count, $0.name) < (-chain($1.name).count, $1.name)
    }
    for queue in queues {
      if let parent = queue.parent { children[parent, default: []].append(queue.name) }
      if let count = queue.quota.accelerators { guaranteed[Key(queue.name, nil)] = count }
      for entry in queue.quota.byModel { guaranteed[Key(queue.name, entry.model)] = entry.count }
    }
    for workload in situation.desired.workloads {
      guard let request = workload.resources.accelerator else { continue }
      var counts: [AcceleratorModel: Int] = [:]
      for node in situation.base.nodes {
        guard let model = node.capacity.accelerators?.model else { continue }
        counts[model, default: 0] += node.replicas[workload.name] ?? 0
      }
      // What waits may come to be on any of them.
      let waiting = situation.base.pending[workload.name] ?? 0
      for model in request.models { counts[model, default: 0] += waiting }
      let all = situation.base.count(of: workload.name) + waiting
      for queue in chain(workload.queue) {
        func want(_ count: Int, _ model: AcceleratorModel?) {
          wanted[Key(queue, model), default: 0] += Int64(count) * request.milliDevices
        }
        want(all, nil)
        for (model, count) in counts { want(count, model) }
      }
    }
  }

  /// The dimensions of a queue's quota; all models together first.
  func models(of queue: QueueSpec) -> [AcceleratorModel?] {
    (queue.quota.accelerators == nil ? [] : [nil]) + queue.quota.byModel.map(\.model)
  }

  /// Nil where it was not measured.
  func needed(by queue: QueueSpec, of model: AcceleratorModel?, _ usage: QueueUsage) -> Int? {
    let peak: Int64
    if let model {
      guard let entries = usage.byModel else { return nil }
      peak = entries.first { $0.model == model }?.milliDevicesPeak ?? 0
    } else {
      peak = usage.milliDevicesPeak
    }
    let margin = Int128(peak) * Int128(100 + OverAsked.marginPercent) / 100
    let used = max(Int64(clamping: margin), wanted[Key(queue.name, model)] ?? 0)
    let below = (children[queue.name] ?? []).reduce(0) { $0 + (guaranteed[Key($1, model)] ?? 0) }
    return max(Int(clamping: (used.addingSaturated(999)) / 1000), below)
  }
}
