import HTTP

/// What Karpenter does with a claim: buys it, waits for its node and says so, and gives it back.
extension Hand {
  static let karpenterGroup = "karpenter.sh"
  private static let claims = "/apis/karpenter.sh/v1/nodeclaims"
  private static let finalizer = "karpenter.sh/termination"
  /// On a node: the claim that it was made for.
  private static let claimLabel = "test/claim"

  /// Karpenter's kinds, as far as we know them, and a pool of which `pool` may claim nodes.
  public func installKarpenter(pool: String) async throws {
    try await makeHome()
    for (plural, kind) in [("nodeclaims", "NodeClaim"), ("nodepools", "NodePool")] {
      try await define(plural, kind, Self.karpenterGroup, "v1", isNamespaced: false)
    }
    try await ask(
      .post, "/apis/karpenter.sh/v1/nodepools",
      [
        "apiVersion": "karpenter.sh/v1", "kind": "NodePool",
        "metadata": ["name": .string(pool), "labels": ["setpoint/pool": .string(pool)]],
        "spec": [
          "template": [
            "metadata": ["labels": ["team": "research"]],
            "spec": [
              "nodeClassRef": [
                "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "gpu",
              ],
              "expireAfter": "720h",
              "requirements": [
                ["key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]],
                [
                  "key": "karpenter.sh/capacity-type", "operator": "In",
                  "values": ["spot", "on-demand"],
                ],
              ],
            ],
          ]
        ],
      ], but: [409])
  }

  /// One round over all claims; whether anything changed.
  func serveClaims() async throws -> Bool {
    var hasChanged = false
    for claim in try await list(Self.claims) {
      guard let name = claim.metaName else { continue }
      let path = "\(Self.claims)/\(name)"
      let isHeld = claim.isHeld
      if claim[["metadata", "deletionTimestamp"]] != nil {
        hasChanged = true
        let node = claim[["status", "nodeName"]]?.string ?? ""
        if !node.isEmpty { try await ask(.delete, "/api/v1/nodes/\(node)", but: [404]) }
        try await change(path, ["metadata": ["finalizers": .null]])
      } else if claim[["status", "nodeName"]] == nil {
        hasChanged = true
        if !isHeld {
          try await change(path, ["metadata": ["finalizers": [.string(Self.finalizer)]]])
        }
        try await launch(claim, name, path)
      }
    }
    return hasChanged
  }

  private func launch(_ claim: Tree, _ name: String, _ path: String) async throws {
    func chosen(_ key: String) -> String {
      let requirements = claim[["spec", "requirements"]]?.items ?? []
      let choices = requirements.filter { $0["key"]?.string == key }
      return choices.last?["values"]?.items.first?.string ?? ""
    }
    var shape = machineShape
    shape.instanceType = chosen("node.kubernetes.io/instance-type")
    guard !outOfStock.contains(shape.instanceType) else {
      try await ask(.delete, path, but: [404])
      return try await change(path, ["metadata": ["finalizers": .null]])
    }
    shape.zone = chosen("topology.kubernetes.io/zone")
    shape.labels["karpenter.sh/capacity-type"] = chosen("karpenter.sh/capacity-type")
    shape.labels[Self.claimLabel] = name
    let node = "ip-\(name.suffix(8))"
    try await register(node: node, shape)
    let conditions = ["Launched", "Registered", "Initialized", "Ready"].map { type in
      ["type": .string(type), "status": "True"] as Tree
    }
    try await change(
      "\(path)/status",
      ["status": ["nodeName": .string(node), "conditions": .array(conditions)]])
  }
}
