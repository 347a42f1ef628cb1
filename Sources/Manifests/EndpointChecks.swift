import Diagnostics
import Model

extension Resolver {
  /// A service has a port for each replica, and none holds a plan up for long.
  mutating func checkEndpoint(_ workload: WorkloadSpec, _ origin: Origin) {
    guard let endpoint = workload.endpoint else { return }
    guard !workload.isGang else {
      return report(.uselessEndpoint(origin.span("spec", "endpoint")))
    }
    if case .range(let range) = workload.replicas, !endpoint.ports.isFixed {
      let most = range.max.addingSaturated(workload.rollout.maxSurge.of(range.max))
      if endpoint.ports.max - endpoint.ports.min + 1 < most {
        report(.tooFewPorts(endpoint.ports, most, origin.span("spec", "endpoint", "port")))
      }
    }
    if endpoint.load != nil, let candidates = candidates(workload), !candidates.isEmpty,
      !candidates.contains(where: { $0.prometheus != nil && $0.isBalanced })
    {
      report(.unmeasuredEndpoint(workload.name, origin.span("spec", "endpoint", "load")))
    }
    if endpoint.drain > Endpoint.drainMax {
      report(.longDrain(endpoint.drain, origin.span("spec", "endpoint", "drain")))
    }
  }

  /// No two clusters write one file.
  mutating func checkBalancer(_ cluster: ClusterSpec, _ origin: Origin) {
    guard let file = cluster.haproxy?.file else { return }
    let others = clusters.values.filter { $0.haproxy?.file == file && $0.name < cluster.name }
    guard let other = others.map(\.name).min() else { return }
    report(.sharedFile(file, other: other, origin.span("spec", "haproxy", "file")))
  }
}
