import Balancing
import Model
import TestSupport
import Testing

/// A table in HAProxy's words.
@Suite struct HAProxyTextTests {
  let nodes = [
    node("gpu-1", at: "10.0.0.1"), node("gpu-2", at: "fd00::2"), node("gpu-3", at: "gpu-3.lab"),
    node("gpu 4 # é", at: "10.0.0.4"), node("gpu-5", at: nil),
  ]

  var full: EndpointTable {
    table(
      nodes,
      [
        replica(0, on: "gpu-1", port: 8080, cores: 8), replica(1, on: "gpu-2", port: 8081),
        replica(2, on: "gpu-3", port: 8082), replica(3, on: "gpu 4 # é", port: 8083),
        replica(4, on: "gpu-5", port: 8084), replica(5, on: "gpu-1", port: nil),
        replica(0, of: "search", on: "gpu-1", port: 9000, .stopping),
      ], of: [service("chat", health: "/healthz"), service("empty"), service("search")])
  }

  @Test func theWholeFile() { expectSnapshot(HAProxyText.file(full), "haproxy.txt") }

  @Test func nothingThatAProviderSaysBecomesAWordOfItsOwn() {
    let nodes = [node("x\n  server evil 6.6.6.6:80", at: "10.0.0.1"), node("y", at: "1.1.1.1\nz")]
    let file = HAProxyText.file(
      table(nodes, [replica(0, on: nodes[0].id.name), replica(1, on: "y")]))
    let servers = file.split(separator: "\n").filter { $0.contains("server evil") }
    #expect(servers.isEmpty)
    #expect(file.split(separator: "\n").count { $0.contains(" server ") } == 1)
  }

  @Test func weightsChangeWhileItRuns() {
    let before = table(nodes, [replica(0, on: "gpu-1"), replica(1, on: "gpu-2")])
    var after = before
    #expect(HAProxyText.commands(from: before, to: after) == [])
    after.services[0].servers[0].state = .drain
    after.services[0].servers[1].weight = 40
    #expect(
      HAProxyText.commands(from: before, to: after)
        == ["set weight lab.chat/0-gpu-1 0", "set weight lab.chat/1-gpu-2 40"])
    #expect(
      HAProxyText.commands(from: after, to: before)
        == ["set weight lab.chat/0-gpu-1 100", "set weight lab.chat/1-gpu-2 100"])
  }

  @Test func allElseTakesAReload() {
    let before = table(nodes, [replica(0, on: "gpu-1")])
    for other in [
      table(nodes, []), table(nodes, [replica(0, on: "gpu-2")]),
      table(nodes, [replica(0, on: "gpu-1", port: 1)]),
      table(nodes, [replica(0, on: "gpu-1")], of: [service(health: "/")]),
      table(nodes, [replica(0, on: "gpu-1")], of: [service(), service("search")]),
    ] {
      #expect(HAProxyText.commands(from: before, to: other) == nil)
    }
  }
}
