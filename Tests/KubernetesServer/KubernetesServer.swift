import Foundation
import HTTP
import KubernetesImitation
import Loopback

/// The imitation as a program, for stories that are told from outside: `setpoint-kubernetes NODES`, with
/// so many nodes of 8 pretended A100, a pool of machines, and kubelets that do their part. Says its
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
    try await hand.install(pool: "elastic")
    let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 4
    for number in 0..<count {
      shape.zone = number % 2 == 0 ? "us-east-1a" : "us-east-1b"
      try await hand.register(node: "n\(number + 1)", shape)
    }
    try FileHandle.standardOutput.write(contentsOf: Data("\(address)\n".utf8))
    while true {
      _ = try await hand.round()
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
