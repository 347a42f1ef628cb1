public import Interfaces
public import Model
public import Planning
import ProviderDesk

/// Slurm as a provider: nodes are Slurm's nodes, replicas are jobs that are pinned to one each.
///
/// The way of one look: tools (`SlurmTools`) or slurmrestd (`Slurmrestd`) → lists (`SlurmNode`,
/// `SlurmJob`, `SlurmReservation`) → `Scene` → `Observation`. The way of one step:
/// `Scene.moves(for:key:)` decides, `SlurmCommand` words it, a tool carries it out, or slurmrestd does
/// what it can. Between the two, `Desk` sees to it that what is decided at once is not decided
/// twice. All but doors and desk is pure.
///
/// Slurm names jobs and nodes itself, so ours carry a `Tag` in their comment. Its times are those of
/// the machines that it runs on.
public final class SlurmProvider: Provider {
  private let searchPath: String
  private let variable: @Sendable (String) -> String?
  private let now: @Sendable () -> Timestamp
  private let desks: Desks<SlurmSettings, SlurmSite>

  /// Slurm's tools are looked for along `searchPath`; tokens may stand in what `variable` knows of the
  /// environment; `now` is real time.
  public init(
    searchPath: String, variable: @escaping @Sendable (String) -> String?,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.searchPath = searchPath
    self.variable = variable
    self.now = now
    desks = Desks(now: now)
  }

  public func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    try await desk(settings(of: cluster)).observe(cluster)
  }

  public func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    try await desk(settings(of: cluster)).apply(step, key, in: cluster)
  }

  private func desk(_ settings: SlurmSettings) -> Desk<SlurmSite> {
    desks.desk(settings) { SlurmSite(controller($0), $0, now: now) }
  }

  private func controller(_ settings: SlurmSettings) -> any Controller {
    let tools = SlurmTools(settings, searchPath: searchPath)
    guard let rest = settings.rest else { return tools }
    let seconds = Int(clamping: max(1, settings.timeout.count))
    return Slurmrestd(
      RESTDoor(rest, secondsMax: seconds, variable: variable, now: now), tools: tools)
  }

  private func settings(of cluster: ClusterSpec) throws(Failure) -> SlurmSettings {
    switch cluster.provider {
    case .slurm(let settings): return settings
    case .simulated, .kubernetes: throw .terminal("cluster '\(cluster.name)' is not Slurm's")
    }
  }
}
