import Model
import Planning
import ProviderContract
import Simulation

/// A world with short words for what tests do to it.
struct Story {
  var world = World()
  var cluster: ClusterSpec

  init(_ settings: SimulatedSettings = SimulatedSettings()) { cluster = Fixture.cluster(settings) }

  /// Every call has a key of its own, as every decision has.
  mutating func apply(_ step: Step) throws(Failure) {
    let key = IdempotencyKey("\(step.id) \(world.receipts.count) \(world.now)")
    try world.apply(step, key: key, in: cluster)
  }

  mutating func boot(_ name: String, _ capacityType: CapacityType = .onDemand) throws {
    try apply(.createNode(Fixture.node(name, capacityType)))
    pass(90)
  }

  mutating func pass(_ seconds: Int64) { world.advance(to: world.now + Seconds(seconds)) }

  @discardableResult
  mutating func drill(_ text: String) throws(DrillProblem) -> [String] {
    try world.run(Drill.parse(text.split(separator: " ").map(String.init)))
  }

  /// `a ready, chat/0 ready on a`
  func look() throws -> String {
    let observed = try world.observe(cluster.name)
    let nodes = observed.nodes.map { "\($0.id.name) \($0.phase.rawValue)" }
    let replicas = observed.replicas.map { "\($0.id) \($0.phase.rawValue) on \($0.node.name)" }
    return (nodes + replicas).joined(separator: ", ")
  }

  func node(_ name: String) throws -> ObservedNode? {
    try world.observe(cluster.name).nodes.first { $0.id.name == name }
  }
}
