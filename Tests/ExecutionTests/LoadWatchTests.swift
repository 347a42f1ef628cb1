import Balancing
import Execution
import Interfaces
import Model
import Planning
import Testing

/// What a Prometheus says of replicas.
private struct Said: LoadSource {
  var answers: [String: Result<[String: Double], Failure>]

  func series(
    of query: String, by label: String, in cluster: ClusterSpec
  ) async throws(Failure) -> [String: Double] {
    guard label == "instance", let answer = answers["\(query) in \(cluster.name)"] else {
      throw .terminal("nobody knows \(query) in \(cluster.name)")
    }
    return try answer.get()
  }
}

@Suite struct LoadWatchTests {
  func cluster(_ name: String, isMeasured: Bool = true, isBalanced: Bool = true) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: name), region: "r", zones: ["z"],
      prometheus: isMeasured ? PrometheusSettings(url: "http://p") : nil,
      haproxy: isBalanced ? HAProxySettings(file: "/f", reload: ["r"]) : nil)
  }

  func service(_ name: String, _ load: String?, in clusters: [String] = []) -> WorkloadSpec {
    WorkloadSpec(
      metadata: Metadata(name: name), type: .inference, clusters: clusters.map { ClusterName($0) },
      replicas: .range(CountRange(1)), resources: ReplicaResources(),
      endpoint: Endpoint(ports: CountRange(80), load: load))
  }

  @Test func whoSaysHowIsAskedFor() async {
    let watch = LoadWatch(
      source: Said(answers: ["q in a": .success(["x:80": 1]), "q in b": .success(["y:80": 2])]))
    let desired = DesiredState(
      clusters: [
        cluster("a"), cluster("b"), cluster("c", isMeasured: false),
        cluster("d", isBalanced: false),
      ],
      workloads: [
        service("chat", "q"), service("here", "q", in: ["b"]), service("quiet", nil),
      ])
    let chat = WorkloadName("chat")
    #expect(
      await watch.look(at: desired) == [
        EndpointLoads(cluster: ClusterName("a"), services: [chat: ["x:80": 1]]),
        EndpointLoads(
          cluster: ClusterName("b"),
          services: [chat: ["y:80": 2], WorkloadName("here"): ["y:80": 2]]),
      ])
    #expect(await watch.troubles.isEmpty)
  }

  /// Then nothing is known of it, and of the others as much as ever.
  @Test func whatGoesWrongIsSaid() async {
    let watch = LoadWatch(
      source: Said(answers: [
        "q in a": .failure(.transient("it is down")), "p in a": .success(["x:80": 1]),
      ]))
    let desired = DesiredState(
      clusters: [cluster("a")], workloads: [service("bad", "q"), service("good", "p")])
    let heard = await watch.look(at: desired)
    #expect(
      heard.first?.services == [WorkloadName("bad"): [:], WorkloadName("good"): ["x:80": 1]])
    #expect(await watch.troubles == [WorkloadName("bad"): "it is down"])
  }
}
