import HTTP
import JSON
import Model
import Planning
import ProviderDesk
import Synchronization

/// Kubernetes by its API server.
final class APIServer: Site {
  let settings: KubernetesSettings
  let surroundings: Surroundings
  let way: Way
  /// What was made in this process, and need not be made again for each replica.
  private let offers = Mutex<[WorkloadName: Offer]>([:])
  let groups: APIGroups

  private let nodes: Mirror<KubeNode>
  private let pods: Mirror<KubePod>
  private let memories: Mirror<Memory>

  private static let triesMax = 3
  /// How often, and how far apart, it is looked whether a watch tells what was just done. To list tens
  /// of thousands of pods takes longer than any watch is late.
  private static let patience = 30
  private static let watchPause = Duration.milliseconds(100)

  init(_ settings: KubernetesSettings, _ surroundings: Surroundings) {
    self.settings = settings
    self.surroundings = surroundings
    way = Way(settings, surroundings)
    groups = APIGroups(way, now: surroundings.now)
    nodes = Mirror(KubeNode.path, way, now: surroundings.now)
    pods = Mirror(KubePod.path, way, now: surroundings.now)
    memories = Mirror(
      "/api/v1/namespaces/\(Request.encoded(settings.namespace))/events",
      way, [.init("labelSelector", Manifest.clusterLabel)], now: surroundings.now)
  }

  // MARK: Looking

  /// As watches left it, where these show all of `moves` within a moment; else listed. Nodes before
  /// pods: a pod that is seen stands on a node that was there. Memories after pods: one that is not
  /// there any more is remembered by then.
  func look(showing moves: [Move]) async throws(Failure) -> Seen {
    var seen = Seen()
    if let clusterAPI = try await groups.path(of: .clusterAPI) {
      seen.deployments = try await way.list("\(clusterAPI)/machinedeployments")
      seen.machines = try await way.list("\(clusterAPI)/machines")
    }
    if let karpenter = try await groups.path(of: .karpenter) {
      seen.claimable = try await way.list("\(karpenter)/nodepools")
      seen.claims = try await way.list("\(karpenter)/nodeclaims")
    }
    for _ in 0..<Self.patience {
      guard let nodes = await nodes.current, let pods = await pods.current,
        let memories = await memories.current
      else { break }
      seen.nodes = nodes
      seen.pods = pods
      seen.memories = memories
      if moves.allSatisfy({ seen.shows($0, in: settings.namespace) }) { return seen }
      await surroundings.wait(Self.watchPause)
    }
    seen.nodes = try await nodes.listed()
    seen.pods = try await pods.listed()
    seen.memories = try await memories.listed()
    return seen
  }

  func scene(of cluster: ClusterSpec, _ seen: Seen, at moment: Timestamp) -> Scene {
    Scene(cluster, settings, seen, at: moment)
  }

  var namespace: String {
    "/api/v1/namespaces/\(Request.encoded(settings.namespace))"
  }

  // MARK: Doing

  func carryOut(_ move: Move) async throws(Failure) {
    switch move {
    case .create(let new): try await create(new)
    case .place(let claims, let node):
      for claim in claims { try await place(claim, on: node) }
    case .bind(let pod, let node): try await bind(pod, node)
    case .offer(let offer): try await make(offer)
    case .withdraw(let workload, let cluster): try await withdraw(workload, of: cluster)
    case .remember(let order, let key, let pod):
      let memory = manifest(order.cluster).memory(
        order, stopKey: key, pod, at: surroundings.now())
      try await post("\(namespace)/events", memory.body, done: ["AlreadyExists"])
    case .evict(let pod, let workload): try await evict(pod, besides: workload)
    case .remove(let pod): try await remove(pod, isAtOnce: true)
    case .cordon(let node):
      try await patch(
        "\(KubeNode.path)/\(Request.encoded(node))", #"{"spec": {"unschedulable": true}}"#)
    case .order(let from, let order): try await ask(from, for: order)
    case .claim(let machine, let order): try await claim(machine, order)
    case .giveBack(let deployment, let order, let machine):
      try await giveBack(order, to: deployment, machine)
    case .launch(let order, let pool): try await launch(order, as: pool)
    case .end(let claim): try await end(claim: claim)
    }
  }

  func manifest(_ cluster: ClusterName) -> Manifest {
    Manifest(cluster: cluster, settings: settings)
  }

  /// Created and not applied: what was taken away since must not come back.
  private func create(_ new: NewPod) async throws(Failure) {
    try await post(
      "\(namespace)/pods", manifest(new.order.cluster).pod(new), done: ["AlreadyExists"])
  }

  private func bind(_ pod: PodName, _ node: String) async throws(Failure) {
    let path = "\(namespace)/pods/\(pod.name)"
    let body = manifest(ClusterName("")).binding(pod, to: node)
    let answer = try await way.ask(.post, "\(path)/binding", body: body)
    guard !answer.isSuccess else { return }
    let refusal = Refusal(answer)
    // By an earlier request of ours, whose answer was lost.
    let isThere = refusal.message.hasSuffix("already assigned to node \"\(node)\"")
    guard refusal.status != 409 || !isThere else { return }
    throw refusal.failure(mayHaveHappened: true)
  }

  private func make(_ offer: Offer) async throws(Failure) {
    guard offers.withLock({ $0[offer.workload] }) != offer else { return }
    let manifest = manifest(offer.cluster)
    let name = manifest.serviceName(offer.workload)
    try await apply("\(namespace)/services/\(name)", manifest.service(offer), offer.cluster)
    if offer.type == .inference {
      try await apply("\(budgets)/\(name)", manifest.budget(offer), offer.cluster)
    }
    offers.withLock { $0[offer.workload] = offer }
  }

  private var budgets: String {
    "/apis/policy/v1/namespaces/\(Request.encoded(settings.namespace))/poddisruptionbudgets"
  }

  private func withdraw(
    _ workload: WorkloadName, of cluster: ClusterName
  ) async throws(Failure) {
    offers.withLock { _ = $0.removeValue(forKey: workload) }
    let name = manifest(cluster).serviceName(workload)
    for path in ["\(budgets)/\(name)", "\(namespace)/services/\(name)"] {
      guard let owner = try await owner(of: path), owner == cluster.text else { continue }
      let answer = try await way.ask(.delete, path)
      guard answer.isSuccess || answer.status == 404 else {
        throw Refusal(answer).failure(mayHaveHappened: true)
      }
    }
  }

  /// Whose an object is, as its label says: empty where it is nobody's of ours, nil where there is none.
  private func owner(of path: String) async throws(Failure) -> String? {
    let answer = try await way.ask(.get, path)
    if answer.status == 404 { return nil }
    let thing: KubeThing = try object(path, answer)
    return thing.meta.labels[Manifest.clusterLabel] ?? ""
  }

  /// Budgets of others hold. Our own is there for others: what we ask for was planned within it.
  private func evict(_ pod: PodName, besides workload: WorkloadName) async throws(Failure) {
    let manifest = manifest(ClusterName(""))
    let answer = try await way.ask(
      .post, "\(namespace)/pods/\(pod.name)/eviction", body: manifest.eviction(pod))
    guard !answer.isSuccess, answer.status != 404 else { return }
    let refusal = Refusal(answer)
    if refusal.isOf(budget: manifest.serviceName(workload)) {
      return try await remove(pod, isAtOnce: false)
    }
    // Another pod goes by its name by now.
    guard refusal.status != 409 else { return }
    throw refusal.failure(mayHaveHappened: true)
  }

  private func remove(_ pod: PodName, isAtOnce: Bool) async throws(Failure) {
    let body = manifest(ClusterName("")).deletion(pod, isAtOnce: isAtOnce)
    let answer = try await way.ask(.delete, "\(namespace)/pods/\(pod.name)", body: body)
    // Gone, or another one by now.
    guard !answer.isSuccess, answer.status != 404, answer.status != 409 else { return }
    throw Refusal(answer).failure(mayHaveHappened: true)
  }

  // MARK: Nodes by Cluster API

  private func ask(_ from: ObjectName, for order: NodeOrder) async throws(Failure) {
    try await change(from) { deployment in
      guard !deployment.orders.contains(where: { $0.order.id == order.order.id }) else {
        return nil
      }
      return (order.text, deployment.replicas + 1)
    } annotation: {
      order.annotation
    }
  }

  private func giveBack(
    _ order: NodeOrder, to deployment: ObjectName, _ machine: ObjectName?
  ) async throws(Failure) {
    if let machine {
      // Of all machines it is the one to go.
      try await patch(
        try await path("machines", machine),
        #"{"metadata": {"annotations": {"cluster.x-k8s.io/delete-machine": "yes"}}}"#)
    }
    try await change(deployment) { deployment in
      guard deployment.orders.contains(where: { $0.order.id == order.order.id }) else {
        return nil
      }
      return (nil, max(0, deployment.replicas - 1))
    } annotation: {
      order.annotation
    }
  }

  private func claim(_ machine: ObjectName, _ order: NodeOrder) async throws(Failure) {
    var json = JSONWriter()
    json.object { json in
      json.member("metadata") { json in
        json.object { json in json.texts("annotations", [(NodeOrder.annotation, order.text)]) }
      }
    }
    try await patch(try await path("machines", machine), json.text)
  }

  /// An order and the number of machines change together or not at all, and only as they were read.
  private func change(
    _ name: ObjectName,
    _ change: (MachineDeployment) -> (annotation: String?, replicas: Int64)?,
    annotation: () -> String
  ) async throws(Failure) {
    let path = try await path("machinedeployments", name)
    for _ in 0..<Self.triesMax {
      let answer = try await way.ask(.get, path)
      let deployment: MachineDeployment = try object("MachineDeployment '\(name.name)'", answer)
      guard let wanted = change(deployment) else { return }
      let text = wanted.annotation.map { JSONWriter.quoted($0) } ?? "null"
      let body = """
        {"metadata": {"resourceVersion": \(JSONWriter.quoted(deployment.meta.version)), \
        "annotations": {\(JSONWriter.quoted(annotation())): \(text)}}, \
        "spec": {"replicas": \(wanted.replicas)}}
        """
      let changed = try await way.ask(
        .patch, path, type: "application/merge-patch+json", body: Array(body.utf8))
      if changed.isSuccess { return }
      guard changed.status == 409 else { throw Refusal(changed).failure(mayHaveHappened: true) }
    }
    throw .transient("MachineDeployment '\(name.name)' is changed by others all the time")
  }

  private func path(_ kind: String, _ name: ObjectName) async throws(Failure) -> String {
    guard let clusterAPI = try await groups.path(of: .clusterAPI) else {
      throw .conflict("there is no Cluster API any more")
    }
    return "\(clusterAPI)/namespaces/\(Request.encoded(name.namespace))/\(kind)/"
      + Request.encoded(name.name)
  }

  // MARK: Requests

  func object<Object: KubeObject>(
    _ name: String, _ answer: Answer
  ) throws(Failure) -> Object {
    guard answer.isSuccess else { throw Refusal(answer).failure(mayHaveHappened: false) }
    do throws(JSONProblem) {
      var reader = JSONReader(answer.body)
      return try Object(&reader)
    } catch { throw .transient("\(name) can't be read: \(error)") }
  }

  func post(
    _ path: String, _ body: [UInt8], done reasons: Set<String>
  ) async throws(Failure) {
    let answer = try await way.ask(
      .post, path, query: [.init("fieldManager", "setpoint")], body: body)
    guard !answer.isSuccess else { return }
    let refusal = Refusal(answer)
    guard !reasons.contains(refusal.reason) else { return }
    throw refusal.failure(mayHaveHappened: true)
  }

  /// Server-side apply: ours to say, whoever said something else before, unless it is another's.
  private func apply(
    _ path: String, _ body: [UInt8], _ cluster: ClusterName
  ) async throws(Failure) {
    if let owner = try await owner(of: path), owner != cluster.text {
      throw .terminal("\(path) is there already, and is not ours")
    }
    let query = [Request.Field("fieldManager", "setpoint"), .init("force", "true")]
    let answer = try await way.ask(
      .patch, path, query: query, type: "application/apply-patch+yaml", body: body)
    guard answer.isSuccess else { throw Refusal(answer).failure(mayHaveHappened: true) }
  }

  func patch(_ path: String, _ body: String) async throws(Failure) {
    let answer = try await way.ask(
      .patch, path, query: [.init("fieldManager", "setpoint")],
      type: "application/merge-patch+json", body: Array(body.utf8))
    guard answer.isSuccess || answer.status == 404 else {
      throw Refusal(answer).failure(mayHaveHappened: true)
    }
  }
}
