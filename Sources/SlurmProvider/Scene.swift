import Model
import Planning
import ProviderDesk

/// One Slurm as it was seen by one look, with the words of one cluster of ours laid over it. Pure: what
/// it says follows from the lists alone.
struct Scene: SiteScene {
  let cluster: ClusterSpec
  let settings: SlurmSettings
  var at: Timestamp
  /// In the order of Slurm's list.
  var nodes: [SlurmNode]
  var jobs: [SlurmJob]
  let reserved: Reserved
  var isComplete: Bool
  /// Jobs whose record is of no interest any more: their replica was told to stop after its end.
  var forgotten: Set<Int64> = []
  /// Jobs of services that run and have not answered yet.
  var silent: Set<Int64> = []

  init(
    _ cluster: ClusterSpec, _ settings: SlurmSettings, nodes: Listing<SlurmNode>,
    jobs: Listing<SlurmJob>, reservations: Listing<SlurmReservation>,
    partitions: Listing<SlurmPartition>, at: Timestamp
  ) {
    self.cluster = cluster
    self.settings = settings
    self.at = at
    self.nodes = nodes.elements
    self.jobs = jobs.elements
    reserved = Reserved(reservations.elements, partitions.elements, settings, at: at)
    // A node of which a controller that has just started has heard nothing yet may be anything.
    let isUnknown = nodes.elements.contains { $0.has("UNKNOWN") && !$0.has("CLOUD") }
    let unreadable = [
      nodes.unreadableCount, jobs.unreadableCount, reservations.unreadableCount,
    ]
    isComplete = unreadable.allSatisfy { $0 == 0 } && !isUnknown
  }

  /// A node with the name that it goes by.
  struct Place: Hashable, Sendable {
    var node: SlurmNode
    var id: NodeID
    /// Where it was ordered by this cluster.
    var order: NodeTag?
  }

  /// The nodes of this cluster by name: those that it ordered, and those that are not its own and may
  /// be used. A cloud node that nobody has powered up is none: it is only what could be ordered.
  var places: [Place] {
    var places: [Place] = []
    var names: Set<String> = []
    for node in nodes where isListed(node) {
      guard let order = order(of: node), !node.isPoweredDown else { continue }
      // Two under one name can only come of a race: the second goes by Slurm's own.
      let name = names.insert(order.order.id.name).inserted ? order.order.id.name : node.name
      names.insert(name)
      places.append(Place(node: node, id: NodeID(cluster.name, name), order: order))
    }
    for node in nodes where isListed(node) && order(of: node) == nil {
      // What another cluster of ours ordered is that one's.
      let isFree = !node.has("CLOUD") || !node.isPoweringOrDown && !node.isTagged
      guard isFree, !node.has("FUTURE"),
        names.insert(node.name).inserted
      else { continue }
      places.append(Place(node: node, id: NodeID(cluster.name, node.name), order: nil))
    }
    return places
  }

  /// Nodes that are in no partition run nothing.
  func isListed(_ node: SlurmNode) -> Bool {
    settings.partition.map { node.partitions.contains($0) } ?? !node.partitions.isEmpty
  }

  func order(of node: SlurmNode) -> NodeTag? {
    node.has("CLOUD") && node.order?.cluster == cluster.name ? node.order : nil
  }

  /// Jobs that carry this cluster's tag, in the order in which Slurm took them.
  var ours: [(job: SlurmJob, tag: JobTag)] {
    jobs.compactMap { job in
      guard let tag = job.order, tag.cluster == cluster.name, !job.isRefused else { return nil }
      return (job, tag)
    }.sorted { $0.job.id < $1.job.id }
  }
}

extension SlurmNode {
  var isPoweredDown: Bool {
    has("POWERED_DOWN") && !has("POWER_UP") && !has("POWERING_UP")
  }

  var isPoweringDown: Bool { has("POWER_DOWN") || has("POWERING_DOWN") }

  var isPoweringUp: Bool { has("POWER_UP") || has("POWERING_UP") }

  var isPoweringOrDown: Bool { isPoweredDown || isPoweringDown || isPoweringUp }

  var phase: ObservedNode.Phase {
    if isPoweringDown { return .deleting }
    if has("DOWN") || has("ERROR") || has("FAIL") || has("INVAL") { return .lost }
    if isPoweringUp || has("UNKNOWN") { return .booting }
    if has("DRAIN") || has("FAILING") || has("REBOOT_ISSUED") || has("REBOOT_REQUESTED") {
      return .draining
    }
    return .ready
  }

  /// The value of a feature of the form `key=value`.
  func feature(_ key: String) -> String? {
    features.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
  }

  /// Its features as labels; `fast` alone is the label `fast` with the value `true`. So is each of its
  /// partitions, as `partition-gpu`.
  var labels: Labels {
    let own = features.map { feature in
      guard let equals = feature.firstIndex(of: "=") else { return (feature, "true") }
      return (String(feature[..<equals]), String(feature[feature.index(after: equals)...]))
    }
    return Labels(partitions.map { (Self.partitionLabel($0), "true") }).merging(Labels(own))
  }

  static func partitionLabel(_ partition: String) -> String { "partition-\(partition)" }

  /// Of each device, as a feature says; nil where there is none, or what can't be read.
  var deviceMemoryBytes: Int64? {
    guard let text = feature("accelerator-memory") else { return nil }
    do { return try Quantity.bytes.parse(text) } catch { return nil }
  }

  /// Its devices, whole ones.
  var devices: Gres? { Gres.list(gres).first { $0.name == "gpu" && $0.count > 0 } }

  /// How many shares make up one device; 0 where Slurm was not told to share.
  var sharesPerDevice: Int64 {
    guard let devices, let shares = Gres.list(gres).first(where: { $0.name == "shard" }) else {
      return 0
    }
    return shares.count / devices.count
  }
}

extension SlurmSettings {
  /// What a type of generic resource is called here: by the settings, or in capitals.
  func model(_ type: String) -> AcceleratorModel {
    AcceleratorModel(models[type] ?? type.uppercased())
  }
}

extension Scene {
  /// What bears on these replicas and nodes, and nothing else: to look at thousands of nodes for each of
  /// thousands of steps would be too much.
  func around(_ nodes: Set<NodeID>, _ ids: Set<ReplicaID> = []) -> Scene {
    var homes = nodes
    for (_, tag) in ours where ids.contains(tag.replica.id) { homes.insert(tag.replica.node) }
    let near = Set(places.filter { homes.contains($0.id) }.map(\.node.name))
    var scene = self
    scene.nodes = self.nodes.filter { near.contains($0.name) }
    scene.jobs = jobs.filter { job in
      job.order.map { ids.contains($0.replica.id) || homes.contains($0.replica.node) } ?? false
        || job.shares.contains { near.contains($0.node) }
    }
    return scene
  }

  /// What all that Slurm manages on a node comes to.
  func capacity(of node: SlurmNode) -> NodeCapacity {
    NodeCapacity(
      amounts: Resources(
        cpuMilli: node.cpus.saturatedTimes(1000),
        memoryBytes: node.memoryMiB.saturatedTimes(1 << 20),
        storageBytes: node.diskMiB > 0
          ? node.diskMiB.saturatedTimes(1 << 20) : settings.storageBytes,
        networkBitsPerSecond: settings.networkBitsPerSecond),
      accelerators: node.devices.map {
        Accelerators(
          model: settings.model($0.type), count: Int(clamping: $0.count),
          memoryBytes: node.deviceMemoryBytes ?? settings.acceleratorMemoryBytes)
      })
  }
}

extension Int64 {
  func saturatedTimes(_ factor: Int64) -> Int64 {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? (self < 0) == (factor < 0) ? .max : .min : product
  }
}
