import Loopback

/// Parts of a pod, and scale.
extension Imitation {
  func bind(
    _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    let binding = try body(asked)
    let pod = try object(target, name)
    let node = binding[["target", "name"]]?.string ?? ""
    let zone = store[.nodes, Store.Key(namespace: "", name: node)]?[
      ["metadata", "labels", "topology.kubernetes.io/zone"]]
    let bound = try Rules.bound(pod, name, binding, node, zone: zone)
    _ = store.update(bound, .pods, key(target, name))
    return Said(
      201,
      [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
      ])
  }

  func evict(
    _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    let eviction = try body(asked)
    let pod = try object(target, name)
    let budgets = store.all(.budgets, in: target.namespace).filter { budget in
      Selector(matching: budget[["spec", "selector", "matchLabels"]]).selects(pod)
    }
    if let budget = try Rules.budget(of: pod, budgets),
      let name = budget[["metadata", "name"]]?.string
    {
      _ = store.update(
        try Rules.spent(budget), .budgets,
        Store.Key(namespace: target.namespace ?? "", name: name))
    }
    _ = try delete(target, name, options: eviction["deleteOptions"] ?? [:])
    return Said(
      201,
      [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
      ])
  }

  static func scale(_ object: Tree) -> Tree {
    var metadata: Tree = [:]
    for name in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
      metadata[name] = object[["metadata", name]]
    }
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
      "spec": ["replicas": object[["spec", "replicas"]] ?? 0],
      "status": ["replicas": object[["status", "replicas"]] ?? 0],
    ]
  }

  func scale(
    _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    let wanted = try body(asked)
    var object = try object(target, name)
    try check(version: wanted, of: object, target.resource, name)
    object[["spec", "replicas"]] = wanted[["spec", "replicas"]]
    return Said(200, Self.scale(store.update(object, target.resource, key(target, name))))
  }
}
