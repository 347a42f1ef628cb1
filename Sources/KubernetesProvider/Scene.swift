import Model
import Planning
import ProviderDesk

/// What one look at an API server showed.
struct Seen: Sendable {
  var nodes = Listing<KubeNode>()
  /// Of all namespaces.
  var pods = Listing<KubePod>()
  var memories = Listing<Memory>()
  var machines = Listing<Machine>()
  var deployments = Listing<MachineDeployment>()
  var claims = Listing<NodeClaim>()
  var claimable = Listing<KarpenterPool>()
}

/// One Kubernetes as it was seen by one look, with the words of one cluster of ours laid over it. Pure:
/// what it says follows from the lists alone.
struct Scene: SiteScene {
  let cluster: ClusterSpec
  let settings: KubernetesSettings
  var at: Timestamp
  var nodes: [KubeNode]
  var pods: [KubePod]
  var memories: [Memory]
  var machines: [Machine]
  var deployments: [MachineDeployment]
  var claims: [NodeClaim]
  let claimable: [KarpenterPool]
  let isComplete: Bool

  init(_ cluster: ClusterSpec, _ settings: KubernetesSettings, _ seen: Seen, at: Timestamp) {
    self.cluster = cluster
    self.settings = settings
    self.at = at
    nodes = seen.nodes.objects
    pods = seen.pods.objects
    memories = seen.memories.objects.filter { $0.order?.cluster == cluster.name }
    machines = seen.machines.objects
    deployments = seen.deployments.objects
    claims = seen.claims.objects
    claimable = seen.claimable.objects
    isComplete =
      seen.nodes.unreadableCount + seen.pods.unreadableCount + seen.memories.unreadableCount
      + seen.machines.unreadableCount + seen.deployments.unreadableCount
      + seen.claims.unreadableCount + seen.claimable.unreadableCount == 0
  }

  /// A node with the name that it goes by here: one that is there, one that is being made, or both.
  struct Place: Hashable, Sendable {
    var id: NodeID
    var node: KubeNode?
    var source: Source?
    /// Where it was ordered by this cluster.
    var order: NodeOrder?
    /// Whether the order still stands; one that was taken back is on its way out.
    var isWanted = true
  }

  /// What a node is made of.
  enum Source: Hashable, Sendable {
    case machine(Machine)
    case claim(NodeClaim)
  }

  /// The nodes of this cluster: those that it ordered, and those that nobody of ours did, which may be
  /// used and are not touched.
  var places: [Place] {
    var places: [Place] = []
    var spoken: Set<String> = []
    let byName = Dictionary(nodes.map { ($0.meta.name, $0) }) { first, _ in first }
    let standing = Set(deployments.flatMap(\.orders).map(\.order.id))
    for (order, machine) in orders {
      if let node = machine?.node { spoken.insert(node) }
      guard order.cluster == cluster.name else { continue }
      places.append(
        Place(
          id: order.order.id, node: machine?.node.flatMap { byName[$0] },
          source: machine.map { .machine($0) }, order: order,
          isWanted: standing.contains(order.order.id)))
    }
    for claim in claims {
      guard let order = claim.order else { continue }
      if let node = claim.node { spoken.insert(node) }
      guard order.cluster == cluster.name else { continue }
      places.append(
        Place(
          id: order.order.id, node: claim.node.flatMap { byName[$0] }, source: .claim(claim),
          order: order))
    }
    let names = Set(places.map(\.id.name))
    for node in nodes
    where !node.isUnregistered && !spoken.contains(node.meta.name)
      && !names.contains(node.meta.name)
    {
      places.append(Place(id: NodeID(cluster.name, node.meta.name), node: node))
    }
    return places
  }

  /// The orders of all clusters of ours, each with the machine that it became. A machine says itself
  /// whose it is as soon as something stands on it; before that it does not matter which one of a
  /// deployment is which, and the oldest order gets the oldest that is new.
  private var orders: [(NodeOrder, Machine?)] {
    var orders: [(NodeOrder, Machine?)] = machines.compactMap { machine in
      machine.order.map { ($0, machine) }
    }
    let claimed = Set(orders.map(\.0.order.id))
    let free = machines.filter { $0.order == nil && !$0.meta.isDeleting }
      .sorted { ($0.meta.createdAt, $0.meta.name) < ($1.meta.createdAt, $1.meta.name) }
    for deployment in deployments where !deployment.orders.isEmpty {
      // As many as were there before we ordered any are not ours.
      let others = max(0, Int(clamping: deployment.replicas) - deployment.orders.count)
      var new = free.filter {
        $0.deployment == deployment.meta.name && $0.meta.namespace == deployment.meta.namespace
      }.dropFirst(others)
      for order in deployment.orders where !claimed.contains(order.order.id) {
        orders.append((order, new.popFirst()))
      }
    }
    return orders
  }

  /// Pods that carry this cluster's order, the oldest first. They are ours in our namespace only: what
  /// others write into theirs is their word.
  var ours: [(pod: KubePod, order: PodOrder)] {
    pods.compactMap { pod in
      guard pod.meta.namespace == settings.namespace, let order = pod.order,
        order.cluster == cluster.name
      else { return nil }
      return (pod, order)
    }.sorted {
      ($0.pod.meta.createdAt, $0.order.replica.incarnation, $0.pod.meta.name)
        < ($1.pod.meta.createdAt, $1.order.replica.incarnation, $1.pod.meta.name)
    }
  }

  /// What bears on these replicas and nodes, and nothing else: to look at thousands of nodes for each of
  /// thousands of steps would be too much.
  func around(_ homes: Set<NodeID>, _ ids: Set<ReplicaID> = []) -> Scene {
    var homes = homes
    for (_, order) in ours where ids.contains(order.replica.id) { homes.insert(order.replica.node) }
    let near = Set(places.filter { homes.contains($0.id) }.compactMap(\.node?.meta.name))
    var scene = self
    scene.nodes = nodes.filter { near.contains($0.meta.name) }
    scene.pods = pods.filter { pod in
      pod.order.map { ids.contains($0.replica.id) || homes.contains($0.replica.node) } ?? false
        || pod.node.map { near.contains($0) } ?? false
    }
    return scene
  }
}

extension Scene.Place {
  func phase(at now: Timestamp) -> ObservedNode.Phase {
    if !isWanted || source?.isLeaving ?? false { return .deleting }
    let phase = node?.phase(at: now) ?? .booting
    return phase == .ready && !isWhole ? .booting : phase
  }

  /// Whether its node shows all that it has.
  var isWhole: Bool {
    guard case .claim(let claim) = source else { return true }
    return claim.isInitialized
  }
}

extension Scene.Source {
  fileprivate var isLeaving: Bool {
    switch self {
    case .machine(let machine): machine.meta.isDeleting
    case .claim(let claim): claim.meta.isDeleting
    }
  }
}

extension KubernetesSettings {
  /// What a product is called here: by the settings, or by the names that NVIDIA gives.
  func model(_ product: String) -> AcceleratorModel {
    if let own = models[product] { return AcceleratorModel(own) }
    var words = product.split(separator: "-").map { $0.uppercased() }
    if let first = words.first, first == "NVIDIA" || first == "TESLA" { words.removeFirst() }
    guard let name = words.first else { return AcceleratorModel(product.uppercased()) }
    // The models that come in two sizes, of which one has a longer name.
    if name == "A100", words.contains("80GB") { return AcceleratorModel("A100-80GB") }
    if name == "H100", words.contains("NVL") { return AcceleratorModel("H100-NVL") }
    return AcceleratorModel(name)
  }
}
