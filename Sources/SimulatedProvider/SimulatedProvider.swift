public import Interfaces
public import Model
public import Planning
public import Simulation

/// The built-in provider: a simulated world in a file of its own, so that separate commands, and
/// separate processes at once, see the same one.
///
/// Its time is virtual and passes only while a `VirtualClock` waits, or in a drill.
public struct SimulatedProvider: Provider {
  private let file: WorldFile

  public init(_ file: WorldFile) { self.file = file }

  public func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    var seen = try file.read().observe(cluster.name)
    if case .simulated(let settings) = cluster.provider, let address = settings.address {
      for index in seen.nodes.indices { seen.nodes[index].address = address }
    }
    return seen
  }

  public func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    try file.change { (world) throws(Failure) in try world.apply(step, key: key, in: cluster) }
  }
}

extension WorldFile {
  /// Does `drill` to the world and says what came of it; a drill that can't be done changes nothing.
  public func run(_ drill: Drill) throws(Failure) -> Result<[String], DrillProblem> {
    try change { world in
      Result { () throws(DrillProblem) in try world.run(drill) }
    }
  }
}
