import Model

/// Replicas that no rule can tell apart: they need the same and may stand on the same nodes.
///
/// All replicas of a workload are of one class, and often those of many workloads.
struct ReplicaClass {
  let cpu: Int64
  let memory: Int64
  let storage: Int64
  let network: Int64
  /// Whole devices, 1 for a share of one, 0 for none.
  let devices: Int
  /// Thousandths that are taken of each device; 1000 for whole ones.
  let milliPerDevice: Int32
  let request: AcceleratorRequest?
  let selector: Labels
  let tolerations: [Toleration]
  /// Sorted; empty means any.
  let clusters: [ClusterName]
  /// Its queue and those above it, where nodes are reserved for some.
  let queues: [QueueName]
  /// For headroom: the pool whose nodes it is on, whoever may use them.
  let headroomOf: PoolName?

  init(_ demand: ReplicaDemand, queues: [QueueName] = []) {
    headroomOf = demand.headroomOf
    self.queues = queues
    let amounts = demand.resources.amounts
    cpu = max(0, amounts.cpuMilli)
    memory = max(0, amounts.memoryBytes)
    storage = max(0, amounts.storageBytes)
    network = max(0, amounts.networkBitsPerSecond)
    let request = demand.resources.accelerator.flatMap { $0.milliDevices > 0 ? $0 : nil }
    devices = request?.devices ?? 0
    milliPerDevice = request.map { $0.isShare ? Int32($0.milliDevices) : 1000 } ?? 0
    self.request = request
    selector = demand.rules.nodeSelector
    tolerations = demand.rules.tolerations
    clusters = demand.clusters
  }

  var isShare: Bool { devices == 1 && milliPerDevice < 1000 }

  /// Thousandths of devices that count against quotas.
  var charge: Int64 { Int64(devices).multipliedSaturated(by: Int64(milliPerDevice)) }

  /// The first rule that keeps these replicas off every node of `kind`, whatever stands there.
  func refusal(of kind: NodeKind) -> PendingReason? {
    if !clusters.isEmpty && !clusters.contains(kind.cluster) { return .cluster }
    if !kind.isOpen { return .nodeClosed }
    if let headroomOf {
      if kind.pool != headroomOf { return .cluster }
    } else if let refusal = guarded(kind) {
      return refusal
    }
    guard let request else { return nil }
    guard let model = kind.model, request.models.isEmpty || request.models.contains(model) else {
      return .acceleratorModel
    }
    return kind.deviceMemory >= request.memoryBytesMin ? nil : .acceleratorMemory
  }

  /// What keeps them off nodes of the kind that are not meant for everybody.
  private func guarded(_ kind: NodeKind) -> PendingReason? {
    if !kind.labels.matches(selector) { return .nodeSelector }
    let bearsTaints = kind.taints.allSatisfy { taint in
      tolerations.contains { $0.tolerates(taint) }
    }
    if !bearsTaints { return .taint }
    if !kind.reservedFor.isEmpty && !kind.reservedFor.contains(where: queues.contains) {
      return .reserved
    }
    return nil
  }
}

/// Nodes that no rule can tell apart, leaving their room aside.
struct NodeKind: Hashable {
  let cluster: ClusterName
  let isOpen: Bool
  /// Those that some selector names.
  let labels: Labels
  let taints: [Taint]
  let reservedFor: [QueueName]
  /// Only where headroom is kept on its nodes.
  let pool: PoolName?
  let model: AcceleratorModel?
  let deviceMemory: Int64

  /// Bears nothing: a node that was to be bought and is not.
  static let gone = NodeKind(
    cluster: ClusterName(""), isOpen: false, labels: .none, taints: [], reservedFor: [], pool: nil,
    model: nil, deviceMemory: 0)
}

/// What makes a class, while the classes are being told apart.
struct ClassKey: Hashable {
  let resources: ReplicaResources
  let clusters: [ClusterName]
  let selector: Labels
  let tolerations: [Toleration]
  let queues: [QueueName]
  let headroomOf: PoolName?

  init(_ demand: ReplicaDemand, queues: [QueueName]) {
    headroomOf = demand.headroomOf
    self.queues = queues
    resources = demand.resources
    clusters = demand.clusters
    selector = demand.rules.nodeSelector
    tolerations = demand.rules.tolerations
  }
}

/// Gives equal words equal small numbers, counted in the order in which they first come.
struct Interner<Word: Hashable> {
  private(set) var words: [Word] = []
  private var ids: [Word: Int] = [:]

  mutating func id(of word: Word) -> Int {
    if let id = ids[word] { return id }
    ids[word] = words.count
    words.append(word)
    return words.count - 1
  }

  func existing(_ word: Word) -> Int? { ids[word] }
}
