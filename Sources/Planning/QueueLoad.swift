import Model

/// How many devices the replicas of each queue hold, those of the queues below it included.
struct QueueLoad {
  struct Key: Hashable {
    let queue: QueueName
    /// Nil for all models together.
    let model: AcceleratorModel?
  }

  private(set) var milliDevices: [Key: Int64] = [:]
  private let chains: [WorkloadName: [QueueName]]
  private let requests: [WorkloadName: AcceleratorRequest]

  /// No chain of parents is followed beyond this: manifests are checked for cycles, inputs are not.
  private static let depthMax = 64

  init(_ desired: DesiredState) {
    let parents = Dictionary(desired.queues.map { ($0.name, $0.parent) }) { first, _ in first }
    chains = Dictionary(
      desired.workloads.map { workload in
        var chain: [QueueName] = []
        var next = workload.queue
        while let queue = next, chain.count < Self.depthMax {
          chain.append(queue)
          next = parents[queue] ?? nil
        }
        return (workload.name, chain)
      }
    ) { first, _ in first }
    requests = Dictionary(
      desired.workloads.compactMap { workload in
        workload.resources.accelerator.map { (workload.name, $0) }
      }
    ) { first, _ in first }
  }

  /// Counts a replica that holds devices of `model`.
  mutating func add(_ replica: ReplicaID, on model: AcceleratorModel?) {
    guard let request = requests[replica.workload] else { return }
    for queue in chains[replica.workload] ?? [] {
      add(request.milliDevices, to: Key(queue: queue, model: nil))
      if let model { add(request.milliDevices, to: Key(queue: queue, model: model)) }
    }
  }

  private mutating func add(_ milli: Int64, to key: Key) {
    milliDevices[key] = (milliDevices[key] ?? 0).addingSaturated(milli)
  }
}

extension QueueSpec {
  /// Its limit in thousandths of devices: of `model`, or of all together; nil where there is none.
  func limitMilli(of model: AcceleratorModel?) -> Int64? {
    let count =
      model.map { model in limit?.byModel.first { $0.model == model }?.count }
      ?? limit?.accelerators
    return count.map { Int64($0).multipliedSaturated(by: 1000) }
  }
}
