import Foundation
import HTTP
import KubernetesImitation
import Loopback

/// The imitation as a program, for stories that are told from outside: `setpoint-kubernetes NODES [PODS]`,
/// with so many nodes of 8 pretended A100, and kubelets that do their part. Without PODS there is a pool of
/// machines as well; with them, so many of somebody else's run already, and it is for measuring. Says its
/// address, and goes on until it is killed.
@main struct KubernetesServer {
  static func main() async throws {
    let imitation = Imitation()
    let loopback = try await Loopback { await imitation.reply(to: $0) }
    let address = "http://127.0.0.1:\(loopback.port)"
    var hand = Hand(try Server(Address(address)))
    var shape = Hand.NodeShape()
    shape.cpu = "96"
    shape.memory = "1150Gi"
    shape.accelerators = 8
    shape.product = "NVIDIA-A100-SXM4-40GB"
    shape.memoryMiB = 40 << 10
    shape.instanceType = "p4d.24xlarge"
    hand.machineShape = shape
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let count = numbers.first ?? 4
    if numbers.count > 1 {
      await imitation.fill(nodes: count, pods: numbers[1], shape)
      try say(address)
      while true {
        await imitation.runPods()
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    try await hand.install(pool: "elastic")
    for number in 0..<count {
      shape.zone = number % 2 == 0 ? "us-east-1a" : "us-east-1b"
      try await hand.register(node: "n\(number + 1)", shape)
    }
    try say(address)
    while true {
      _ = try await hand.round()
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static func say(_ address: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data("\(address)\n".utf8))
  }
}
