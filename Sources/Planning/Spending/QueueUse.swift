public import Model

/// What queues held over a time: for each, the most of all that was decided.
///
/// A replica counts for the queue, and by the size, that its workload has now, wherever that was
/// otherwise when it was decided.
public struct QueueUse: Sendable {
  private let desired: DesiredState
  private let requests: [WorkloadName: AcceleratorRequest]
  private var peaks: [QueueLoad.Key: Int64] = [:]
  /// Whether the model of every device was known.
  private var knowsModels = true

  public init(_ desired: DesiredState) {
    self.desired = desired
    requests = Dictionary(
      desired.workloads.compactMap { workload in
        workload.resources.accelerator.map { (workload.name, $0) }
      }
    ) { first, _ in first }
  }

  /// Counts what `target` has placed.
  public mutating func add(_ target: Target) {
    let models = Dictionary(
      target.nodes.compactMap { node in
        node.capacity.accelerators.map { (node.id, $0.model) }
      }
    ) { first, _ in first }
    var load = QueueLoad(desired)
    for replica in target.replicas {
      guard let request = requests[replica.id.workload] else { continue }
      // Nodes of others are in no target; what is asked for may still tell what they have.
      let model = models[replica.node] ?? (request.models.count == 1 ? request.models[0] : nil)
      if model == nil { knowsModels = false }
      load.add(replica.id, on: model)
    }
    peaks.merge(load.milliDevices) { max($0, $1) }
  }

  /// Of every queue that is wanted, sorted by name.
  public func usage(over length: Seconds) -> [QueueUsage] {
    desired.queues.map(\.name).sorted().map { queue in
      let byModel = peaks.compactMap { key, milli in
        key.queue == queue ? key.model.map { QueueUsage.Entry($0, milli) } : nil
      }
      return QueueUsage(
        queue: queue, measuredFor: length,
        milliDevicesPeak: peaks[QueueLoad.Key(queue: queue, model: nil)] ?? 0,
        byModel: knowsModels ? byModel : nil)
    }
  }
}
