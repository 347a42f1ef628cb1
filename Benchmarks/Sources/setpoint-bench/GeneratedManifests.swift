/// Manifests as a generator at some company would write them: one cluster, a pool, a queue, and then
/// workloads until the bytes are reached. The same every time.
enum GeneratedManifests {
  static func text(bytes: Int) -> [UInt8] {
    var text = Array(head.utf8)
    text.reserveCapacity(bytes + 2_000)
    var number = 0
    while text.count < bytes {
      text.append(contentsOf: workload(number).utf8)
      number += 1
    }
    return text
  }

  private static let head = """
    # Generated; do not edit.
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: research-us, labels: {env: prod}}
    spec:
      provider: simulated
      region: us-east-1
      zones: [us-east-1a, us-east-1b]
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: h100}
    spec:
      cluster: research-us
      instanceTypes: [p5.48xlarge]
      capacity: [spot, on-demand]
      nodes: 0..16
    ---
    apiVersion: setpoint/v1
    kind: Queue
    metadata: {name: nlp}
    spec: {quota: {accelerators: 64}, borrowing: true, weight: 2}

    """

  /// 64 hexadecimal digits, as a pinned image has.
  private static func digest(_ number: Int) -> String {
    let digits = String(number &* 0x9E37_79B9 & 0xFFFF_FFFF | 0x1_0000_0000, radix: 16).dropFirst()
    return String(repeating: String(digits), count: 8)
  }

  private static func workload(_ number: Int) -> String {
    """
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata:
      name: train-\(number)
      labels:
        team: research
        tier: "\(number % 3)"
        run: a\(number % 7)
    spec:
      type: training
      clusters: [research-us]
      queue: nlp
      priority: \(number % 1000)
      replicas: \(number % 16 + 1)
      resources:
        accelerator: H100:8
        cpu: 96
        memory: \(number % 8 + 1)Ti
        network: 100Gbps
      image: registry.example/team/pretrain@sha256:\(digest(number))
      command:
        - torchrun
        - train.py
        - --config=configs/base.yaml
        - --seed=\(number)
      env:
        RUN: run-\(number)
        NCCL_DEBUG: WARN
        NOTE: 'it''s generated'
      placement:
        pack: rack
        spread: zone
        nodeSelector: {fabric: ib}
      checkpoint:
        every: 30m

    """
  }
}
