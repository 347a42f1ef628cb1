import Model
import Planning
import ProviderDesk

/// One thing that is asked of the API server.
enum Move: Hashable, SiteMove {
  case create(NewPod)
  /// Sees to it that the volumes of these claims can be where a pod is to go.
  case place(claims: [String], on: KubeNode)
  case bind(PodName, node: String)
  /// What a workload is reached by: a Service, and for one that stays up a budget of disruptions.
  case offer(Offer)
  case withdraw(WorkloadName, of: ClusterName)
  /// Notes that a pod was told to stop, and under which key.
  case remember(PodOrder, stopKey: IdempotencyKey, PodName)
  /// Asks it to end, as far as budgets of others allow.
  case evict(PodName, besides: WorkloadName)
  /// Takes away at once what runs nowhere: never bound, or ended.
  case remove(PodName)
  case cordon(node: String)
  case order(from: ObjectName, NodeOrder)
  /// Notes on a machine whose it is.
  case claim(ObjectName, NodeOrder)
  /// Takes an order back, and the machine that it became where there is one.
  case giveBack(to: ObjectName, NodeOrder, machine: ObjectName?)
  /// Makes a claim of Karpenter's, and waits a little for what comes of it.
  case launch(NodeOrder, as: KarpenterPool)
  case end(claim: String)

  func starts(_ replica: TargetReplica) -> Bool {
    guard case .create(let pod) = self else { return false }
    return pod.order.replica == replica
  }
}

struct ObjectName: Hashable, Sendable {
  var namespace: String
  var name: String

  init(_ meta: Meta) {
    namespace = meta.namespace
    name = meta.name
  }
}

/// One certain pod, and not another one that goes by the same name later.
struct PodName: Hashable, Sendable {
  var name: String
  /// nil for one that was not there yet when it was spoken of.
  var uid: String?
}

/// A pod to be made.
struct NewPod: Hashable, Sendable {
  var order: PodOrder
  var workload: WorkloadSpec
  var replicaCount: Int
  /// Of a gang: all of it, by ordinal.
  var gang: [TargetReplica]
  /// In units of the extended resources that are asked for.
  var extended: [String: Int64]

  var name: PodName { PodName(name: order.podName, uid: nil) }
}

/// How a workload is reached.
struct Offer: Hashable, Sendable {
  var cluster: ClusterName
  var workload: WorkloadName
  var type: WorkloadType
  /// Of a service: how many replicas must stay up when others want pods gone.
  var availableMin: Int
}

extension Scene {
  mutating func take(_ move: Move) {
    switch move {
    case .create(let new): take(new)
    case .bind(let name, let node): changePod(name.name) { $0.node = $0.node ?? node }
    case .offer, .withdraw, .place: break
    case .remember(let order, let key, let name):
      var memory = Memory()
      memory.meta = Meta()
      memory.meta.name = "\(name.name).\(key)"
      memory.meta.createdAt = at.seconds
      memory.meta.annotations = [
        PodOrder.annotation: order.text, Memory.stopKeyAnnotation: key.text,
      ]
      memories.append(memory)
    case .evict(let name, _): changePod(name.name) { $0.meta.isDeleting = true }
    case .remove(let name):
      pods.removeAll { $0.meta.namespace == settings.namespace && $0.meta.name == name.name }
    case .cordon(let name):
      guard let index = nodes.firstIndex(where: { $0.meta.name == name }) else { return }
      nodes[index].isUnschedulable = true
    case .order(let from, let order):
      changeDeployment(from) {
        guard !$0.orders.contains(where: { $0.order.id == order.order.id }) else { return }
        $0.meta.annotations[order.annotation] = order.text
        $0.replicas += 1
      }
    case .claim(let machine, let order):
      guard let index = machines.firstIndex(where: { ObjectName($0.meta) == machine }) else {
        return
      }
      machines[index].meta.annotations[NodeOrder.annotation] = order.text
    case .giveBack(let deployment, let order, _):
      changeDeployment(deployment) {
        guard $0.meta.annotations.removeValue(forKey: order.annotation) != nil else { return }
        $0.replicas = max(0, $0.replicas - 1)
      }
    case .launch(let order, _):
      guard !claims.contains(where: { $0.order == order }) else { return }
      var claim = NodeClaim()
      claim.meta.name = NodeClaim.name(order)
      claim.meta.annotations[NodeOrder.annotation] = order.text
      claims.append(claim)
    case .end(let name):
      guard let index = claims.firstIndex(where: { $0.meta.name == name }) else { return }
      claims[index].meta.isDeleting = true
    }
  }

  private mutating func take(_ new: NewPod) {
    let name = new.order.podName
    guard !pods.contains(where: { $0.meta.name == name && $0.order == new.order }) else { return }
    var pod = KubePod()
    pod.meta = Meta()
    pod.meta.name = name
    pod.meta.namespace = settings.namespace
    pod.meta.uid = "new \(name)"
    pod.meta.createdAt = at.seconds
    pod.meta.annotations = [PodOrder.annotation: new.order.text]
    pod.phase = "Pending"
    pod.requests.extended = new.extended
    pods.append(pod)
  }

  private mutating func changePod(_ name: String, _ change: (inout KubePod) -> Void) {
    guard
      let index = pods.firstIndex(where: {
        $0.meta.name == name && $0.meta.namespace == settings.namespace
      })
    else { return }
    change(&pods[index])
  }

  private mutating func changeDeployment(
    _ name: ObjectName, _ change: (inout MachineDeployment) -> Void
  ) {
    guard let index = deployments.firstIndex(where: { ObjectName($0.meta) == name }) else { return }
    change(&deployments[index])
  }
}

extension Seen {
  /// Whether what `move` does is in it, or what came after.
  func shows(_ move: Move, in namespace: String) -> Bool {
    func pod(_ name: PodName) -> KubePod? {
      pods.objects.first { $0.meta.name == name.name && $0.meta.namespace == namespace }
    }
    switch move {
    case .create(let new): return pod(new.name) != nil
    case .bind(let name, _): return pod(name)?.node != nil
    case .evict(let name, _): return pod(name).map { $0.meta.isDeleting || $0.hasEnded } ?? true
    case .remove(let name): return pod(name).map { $0.meta.uid != name.uid } ?? true
    case .remember(let order, let key, _):
      return memories.objects.contains { $0.order == order && $0.stopKey == key.text }
    case .cordon(let node):
      return nodes.objects.first { $0.meta.name == node }?.isUnschedulable ?? true
    // Listed with each look, or not looked at.
    case .offer, .withdraw, .place, .order, .claim, .giveBack, .launch, .end: return true
    }
  }
}
