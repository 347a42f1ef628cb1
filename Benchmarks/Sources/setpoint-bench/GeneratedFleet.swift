import Glibc

/// A whole company's manifests in a directory: one cluster with three pools, and workloads of all
/// common shapes that fill them to about four fifths. The same every time.
///
/// `Benchmarks/plan` hands them to the program itself.
func writeFleet(_ arguments: Arguments) {
  let fleet = GeneratedFleet(
    workloads: max(1, arguments.number("workloads", 1000)),
    replicas: arguments.number("replicas", 10_000), nodes: arguments.number("nodes", 1000),
    buysFreely: arguments["ranges"] != nil)
  let directory = arguments["directory"] ?? "."
  for (number, documents) in fleet.files.enumerated() {
    let path = "\(directory)/part-\(number).yaml"
    guard let file = unsafe fopen(path, "w") else {
      print("can't write \(path)")
      exit(1)
    }
    unsafe fputs(documents.joined(separator: "---\n"), file)
    unsafe fclose(file)
  }
}

struct GeneratedFleet {
  let workloads: Int
  /// Of all workloads together.
  let replicas: Int
  /// Of all pools together.
  let nodes: Int
  /// Whether pools have a range, so that the planner chooses how many nodes there are.
  let buysFreely: Bool

  /// The documents of each file; a file may have a thousand.
  var files: [[String]] {
    let pools = [("h100", "p5.48xlarge", 3), ("l4", "g6.48xlarge", 3), ("cpu", "m7i.24xlarge", 4)]
    let place = [cluster] + pools.map { pool($0.0, $0.1, nodes * $0.2 / 10) }
    return [place]
      + stride(from: 0, to: workloads, by: 250).map { start in
        (start..<min(start + 250, workloads)).map(workload)
      }
  }

  private var cluster: String {
    """
    # Generated; do not edit.
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: main}
    spec:
      provider: simulated
      region: us-east-1
      zones: [us-east-1a, us-east-1b, us-east-1c]

    """
  }

  private func pool(_ name: String, _ type: String, _ nodes: Int) -> String {
    """
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: \(name)}
    spec:
      cluster: main
      instanceTypes: [\(type)]
      capacity: [on-demand]
      nodes: \(buysFreely ? "0..\(nodes)" : "\(nodes)")

    """
  }

  private func workload(_ number: Int) -> String {
    let shape = Self.shapes[number % Self.shapes.count]
    let share = replicas * (number + 1) / workloads - replicas * number / workloads
    return """
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: \(shape.type)-\(number), labels: {team: t\(number % 17)}}
      spec:
        type: \(shape.type)
        priority: \(100 + number % 5 * 100)
        replicas: \(share)
        resources: \(shape.resources)
        image: registry.example/team-\(number % 17)/app:\(number % 9)
        env: {RUN: run-\(number)}
        placement: \(shape.placement)

      """
  }

  private static let shapes: [(type: String, resources: String, placement: String)] = [
    ("training", "{accelerator: H100:1, cpu: 16, memory: 128Gi}", "{pack: zone}"),
    ("inference", "{accelerator: L4:1, cpu: 8, memory: 40Gi}", "{spread: zone}"),
    ("inference", "{cpu: 4, memory: 12Gi}", "{spread: zone}"),
    ("inference", "{cpu: 5, memory: 16Gi}", "{}"),
    ("training", "{cpu: 6, memory: 16Gi}", "{}"),
  ]
}
