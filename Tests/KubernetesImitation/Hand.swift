public import HTTP

/// A hand in a cluster besides Setpoint's, by the API alone, so that it works on a real server as well:
/// what a kubelet, Cluster API's controllers, the disruption controller and other people do.
public struct Hand: Sendable {
  private let server: Server
  private let credential: Credential?
  let namespace: String
  /// Of the nodes that Cluster API and Karpenter make.
  public var machineShape = NodeShape()
  /// Instance types that Karpenter can't buy.
  public var outOfStock: Set<String> = []

  static let machineGroup = "cluster.x-k8s.io"
  private static let machines = "/apis/cluster.x-k8s.io/v1beta2/machines"
  private static let deployments = "/apis/cluster.x-k8s.io/v1beta2/machinedeployments"

  public init(_ server: Server, _ credential: Credential? = nil, namespace: String = "setpoint") {
    self.server = server
    self.credential = credential
    self.namespace = namespace
  }

  // MARK: Requests

  @discardableResult
  public func ask(
    _ method: Request.Method, _ path: String, _ body: Tree? = nil,
    type: String = "application/json", but statuses: Set<Int> = []
  ) async throws -> Tree {
    let answer = try await server.answer(
      to: Request(
        method, path, headers: [.init("Content-Type", type), .init("Accept", "application/json")],
        credential: credential, body: body.map { Array($0.text.utf8) } ?? [], secondsMax: 60,
        answerBytesMax: 64 << 20))
    guard answer.isSuccess || statuses.contains(answer.status) else {
      throw Unexpected(
        what: "\(method.rawValue) \(path): \(answer.status) "
          + String(decoding: answer.body, as: UTF8.self))
    }
    // What is no success may be no JSON either.
    return answer.isSuccess && !answer.body.isEmpty ? try Tree(answer.body) : .null
  }

  struct Unexpected: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
  }

  public func list(_ path: String) async throws -> [Tree] {
    try await ask(.get, path, but: [404])["items"]?.items ?? []
  }

  public func change(_ path: String, _ patch: Tree) async throws {
    try await ask(.patch, path, patch, type: "application/merge-patch+json", but: [404])
  }

  // MARK: Setting up

  /// Cluster API's kinds, as far as we know them, and a deployment of no machines for `pool`.
  public func install(pool: String) async throws {
    try await makeHome()
    for (plural, kind) in [("machines", "Machine"), ("machinedeployments", "MachineDeployment")] {
      try await define(
        plural, kind, Self.machineGroup, "v1beta2", isNamespaced: true,
        isScaled: kind == "MachineDeployment")
    }
    try await ask(
      .post, "/apis/cluster.x-k8s.io/v1beta2/namespaces/\(namespace)/machinedeployments",
      [
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineDeployment",
        "metadata": [
          "name": .string(pool), "labels": ["setpoint/pool": .string(pool)],
        ],
        "spec": ["replicas": 0],
      ])
  }

  public struct NodeShape: Sendable {
    public var cpu = "16"
    public var memory = "64Gi"
    public var accelerators = 4
    public var product = "NVIDIA-H100-80GB-HBM3"
    public var memoryMiB = 80 << 10
    public var sharesPerDevice = 20
    public var zone = "us-east-1a"
    public var instanceType = "p5.48xlarge"
    public var labels: [String: String] = [:]

    public init() {}
  }

  /// As a kubelet registers itself.
  public func register(node: String, _ shape: NodeShape = NodeShape()) async throws {
    try await ask(.post, "/api/v1/nodes", Self.node(node, shape))
  }

  static func node(_ name: String, _ shape: NodeShape) -> Tree {
    var amounts: Tree = [
      "cpu": .string(shape.cpu), "memory": .string(shape.memory), "pods": "110",
      "ephemeral-storage": "8Ti",
    ]
    var labels: Tree = [
      "topology.kubernetes.io/zone": .string(shape.zone),
      "node.kubernetes.io/instance-type": .string(shape.instanceType),
    ]
    if shape.accelerators > 0 {
      amounts["nvidia.com/gpu"] = .string("\(shape.accelerators)")
      amounts["example.com/gpu-share"] = .string("\(shape.accelerators * shape.sharesPerDevice)")
      labels["nvidia.com/gpu.product"] = .string(shape.product)
      labels["nvidia.com/gpu.memory"] = .string("\(shape.memoryMiB)")
    }
    for (key, value) in shape.labels { labels[key] = .string(value) }
    return [
      "apiVersion": "v1", "kind": "Node",
      "metadata": ["name": .string(name), "labels": labels],
      "status": [
        "capacity": amounts, "allocatable": amounts,
        "conditions": [["type": "Ready", "status": "True", "reason": "KubeletReady"]],
      ],
    ]
  }

  public func lose(node: String) async throws {
    try await change(
      "/api/v1/nodes/\(node)/status",
      [
        "status": [
          "conditions": [["type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"]]
        ]
      ])
  }

  /// Somebody else's pod, bound already.
  public func run(
    _ name: String, on node: String, cpu: String = "1", devices: Int = 0,
    in namespace: String = "default"
  ) async throws {
    var resources: Tree = ["requests": ["cpu": .string(cpu)]]
    if devices > 0 { resources["limits"] = ["nvidia.com/gpu": .string("\(devices)")] }
    try await ask(
      .post, "/api/v1/namespaces/\(namespace)/pods",
      [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": .string(name), "namespace": .string(namespace)],
        "spec": [
          "nodeName": .string(node), "automountServiceAccountToken": false,
          "containers": [
            ["name": "main", "image": "registry.example/theirs:1", "resources": resources]
          ],
        ],
      ])
  }

  // MARK: What goes on by itself

  /// Lets all that is under way come to its end.
  public func settle() async throws {
    for _ in 0..<50 where try await !round() { return }
  }

  /// One round of all controllers and kubelets; whether anything changed.
  public func round() async throws -> Bool {
    let machines = try await balanceMachines()
    let claims = try await serveClaims()
    let nodes = try await list("/api/v1/nodes")
    let lost = nodes.filter { node in
      (node[["status", "conditions"]]?.items ?? []).contains {
        $0["type"]?.string == "Ready" && $0["status"]?.string == "Unknown"
      }
    }.compactMap(\.metaName)
    let pods = try await runPods(nodes: Set(nodes.compactMap(\.metaName)), lost: Set(lost))
    try await countBudgets()
    return machines || claims || pods
  }

  /// Cluster API: as many machines as each deployment wants, with a node each.
  private func balanceMachines() async throws -> Bool {
    var hasChanged = false
    let all = try await list(Self.machines)
    for deployment in try await list(Self.deployments) {
      let name = deployment.metaName ?? ""
      let namespace = deployment[["metadata", "namespace"]]?.string ?? ""
      let path = "/apis/cluster.x-k8s.io/v1beta2/namespaces/\(namespace)/machines"
      let own = all.filter {
        $0[["metadata", "labels", "cluster.x-k8s.io/deployment-name"]]?.string == name
      }.sorted { left, right in
        // Those that are to go first come first.
        let (first, second) = (left.isToGo, right.isToGo)
        return first != second ? first : (left.metaName ?? "") < (right.metaName ?? "")
      }
      let wanted = deployment[["spec", "replicas"]]?.integer ?? 0
      for machine in own.prefix(max(0, own.count - wanted)) {
        hasChanged = true
        let machineName = machine.metaName ?? ""
        try await ask(.delete, "/api/v1/nodes/\(machineName)", but: [404])
        try await ask(.delete, "\(path)/\(machineName)")
      }
      let numbers = own.compactMap { ($0.metaName?.split(separator: "-").last).flatMap { Int($0) } }
      for index in 0..<max(0, wanted - own.count) {
        hasChanged = true
        let machine = "\(name)-node-\((numbers.max() ?? 0) + index + 1)"
        try await ask(
          .post, path,
          [
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine",
            "metadata": [
              "name": .string(machine),
              "labels": ["cluster.x-k8s.io/deployment-name": .string(name)],
            ],
          ])
        try await register(node: machine, machineShape)
        try await change(
          "\(path)/\(machine)/status", ["status": ["nodeRef": ["name": .string(machine)]]])
      }
    }
    return hasChanged
  }

  /// Kubelets start what is bound to them and end what is to go; what stood on a node that is gone is
  /// collected.
  private func runPods(nodes: Set<String>, lost: Set<String>) async throws -> Bool {
    var hasChanged = false
    for pod in try await list("/api/v1/pods") {
      guard let node = pod[["spec", "nodeName"]]?.string, let name = pod.metaName,
        let namespace = pod[["metadata", "namespace"]]?.string
      else { continue }
      let path = "/api/v1/namespaces/\(namespace)/pods/\(name)"
      let isToGo = pod[["metadata", "deletionTimestamp"]] != nil
      if !nodes.contains(node) || isToGo && !lost.contains(node) {
        hasChanged = true
        try await ask(
          .delete, path,
          ["apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0], but: [404])
      } else if pod[["status", "phase"]]?.string == "Pending", !lost.contains(node) {
        hasChanged = true
        try await say(status: Self.running, ofPodAt: path)
      }
    }
    return hasChanged
  }

  static let running: Tree = [
    "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
    "containerStatuses": [
      [
        "name": "main", "ready": true, "restartCount": 0, "image": "", "imageID": "",
        "state": ["running": [:]],
      ]
    ],
  ]

  private func say(status: Tree, ofPodAt path: String) async throws {
    try await change("\(path)/status", ["status": status])
  }

  /// What a kubelet says of a pod that ended.
  public func end(_ pod: String, failed: Bool) async throws {
    try await say(
      status: ["phase": failed ? "Failed" : "Succeeded", "conditions": []],
      ofPodAt: "/api/v1/namespaces/\(namespace)/pods/\(pod)")
  }

  /// What a kubelet says of a pod whose container ends again and again.
  public func crash(_ pod: String, restarts: Int) async throws {
    try await say(
      status: [
        "phase": "Running", "conditions": [["type": "Ready", "status": "False"]],
        "containerStatuses": [
          [
            "name": "main", "ready": false, "restartCount": .number("\(restarts)"), "image": "",
            "imageID": "", "state": ["waiting": ["reason": "CrashLoopBackOff"]],
          ]
        ],
      ], ofPodAt: "/api/v1/namespaces/\(namespace)/pods/\(pod)")
  }

  /// The disruption controller: how many pods of each budget may go.
  private func countBudgets() async throws {
    let pods = try await list("/api/v1/pods")
    for budget in try await list("/apis/policy/v1/poddisruptionbudgets") {
      guard let namespace = budget[["metadata", "namespace"]]?.string, let name = budget.metaName
      else { continue }
      let selector = Selector(matching: budget[["spec", "selector", "matchLabels"]])
      let own = pods.filter {
        $0[["metadata", "namespace"]]?.string == namespace && selector.selects($0)
      }
      let healthy = own.filter {
        ($0[["status", "conditions"]]?.items ?? []).contains {
          $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        }
      }.count
      let wanted = budget[["spec", "minAvailable"]]?.integer ?? 0
      let status: Tree = [
        "observedGeneration": budget[["metadata", "generation"]] ?? 1,
        "disruptionsAllowed": .number("\(max(0, healthy - wanted))"),
        "currentHealthy": .number("\(healthy)"), "desiredHealthy": .number("\(wanted)"),
        "expectedPods": .number("\(own.count)"),
      ]
      try await change(
        "/apis/policy/v1/namespaces/\(namespace)/poddisruptionbudgets/\(name)/status",
        ["status": status])
    }
  }
}

extension Tree {
  public var metaName: String? { self[["metadata", "name"]]?.string }

  fileprivate var isToGo: Bool {
    self[["metadata", "annotations", "cluster.x-k8s.io/delete-machine"]] != nil
  }
}
