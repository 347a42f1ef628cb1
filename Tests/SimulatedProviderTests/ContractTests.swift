import Foundation
import Interfaces
import Model
import ProviderContract
import SimulatedProvider
import Simulation
import Testing

/// A simulated world in a file that is removed with it.
final class SimulatedHarness: ProviderHarness {
  let path: String
  let file: WorldFile
  let provider: any Provider
  let cluster = Fixture.cluster()

  init() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    path = directory.appending(path: "simulated.db").path
    file = try WorldFile(path: path)
    provider = SimulatedProvider(file)
  }

  deinit {
    try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
  }

  func settle() async throws {
    try file.change { world in
      while let next = world.nextEventTime { world.advance(to: next) }
    }
  }

  func restarted() async throws -> any Provider { SimulatedProvider(try WorldFile(path: path)) }

  func add(foreign node: ObservedNode) async throws {
    try file.change { $0.add(foreign: node) }
  }

  func occupy(_ node: NodeID, with name: String, _ resources: ReplicaResources) async throws {
    _ = try file.run(.occupy(node: "\(node)", name: name, resources)).get()
  }

  func lose(_ node: NodeID) async throws { _ = try file.run(.loseNode("\(node)")).get() }
}

@Test(arguments: ProviderRule.allCases)
func theSimulatedProviderKeeps(_ rule: ProviderRule) async throws {
  try await rule.check(SimulatedHarness())
}
