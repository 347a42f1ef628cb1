// Manifests that tests begin with: small, quick to converge, and one thing apart from one another.

enum Small {
  /// One cluster with one pool, and a service of so many replicas with a node each.
  static func service(replicas: Int = 2, bootTime: String = "10s", catalog: String = "") -> String {
    """
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: lab}
    spec:
      provider: simulated
      simulated: {bootTime: \(bootTime), startTime: 5s}
      region: us-east-1
      zones: [us-east-1a]
      \(catalog)
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: l4}
    spec: {cluster: lab, instanceTypes: [g6.2xlarge], nodes: 0..20}
    ---
    \(workload("web", replicas: replicas))
    """
  }

  static func workload(_ name: String, replicas: Int) -> String {
    """
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: \(name)}
    spec:
      type: inference
      replicas: \(replicas)
      resources: {accelerator: L4:1, cpu: 4, memory: 16Gi}
      image: registry.example/\(name):1

    """
  }

  /// L4 nodes for a price of one's own.
  static func prices(_ onDemand: String) -> String {
    """
    apiVersion: setpoint/v1
    kind: PriceFile
    prices: [{region: us-east-1, instanceType: g6.2xlarge, onDemand: \(onDemand)}]

    """
  }
}
