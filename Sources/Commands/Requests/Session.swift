import Execution
import HTTP
import Interfaces
import Model
import Planning
import PrometheusSource
import SQLiteStore
import SimulatedProvider

/// What a command works with: the state, the world and its time.
struct Session: Sendable {
  let path: String
  let store: SQLiteStore
  let world: WorldFile
  let provider: Providers
  let clock: SessionClock
  /// Knows no numbers before it looks, which only a run has it do.
  let scaler: Scaler
  /// The same for what is idle.
  let idleWatch: IdleWatch
  /// And for what each replica has to do.
  let loadWatch: LoadWatch

  /// To look only: where there is no state yet, it is empty, and none is made.
  init(reading path: String) throws(Trouble) {
    try self.init(
      path, { (path) throws(StoreError) in try SQLiteStore(reading: path) },
      { (path) throws(Failure) in try WorldFile(reading: path) })
  }

  /// To change something: makes what is missing.
  init(writing path: String) throws(Trouble) {
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(POSIX.directory(of: path))
    } catch {
      throw .state(
        error.isLackOfRoom ? .diskFull(path: path) : .unreadable(path: path, detail: error.text))
    }
    try self.init(
      path, { (path) throws(StoreError) in try SQLiteStore(path: path) },
      { (path) throws(Failure) in try WorldFile(path: path) })
  }

  /// The simulated world persists beside the state, so that separate commands see the same one.
  private init(
    _ path: String, _ openStore: (String) throws(StoreError) -> SQLiteStore,
    _ openWorld: (String) throws(Failure) -> WorldFile
  ) throws(Trouble) {
    self.path = path
    let directory = POSIX.directory(of: path)
    do throws(StoreError) { store = try openStore(path) } catch { throw .state(error) }
    do throws(Failure) {
      world = try openWorld(directory.isEmpty ? "world.db" : "\(directory)/world.db")
    } catch {
      throw .problem(WorldWording.unreadable(error))
    }
    provider = Providers(world)
    clock = SessionClock(world)
    let metrics = PrometheusSource { path throws(Unreadable) in try SmallFile.read(path) }
    idleWatch = IdleWatch(metrics: metrics, clock: clock)
    loadWatch = LoadWatch(source: metrics)
    scaler = Scaler(metrics: metrics, clock: clock, zones: Zones.offsets(for:from:for:))
  }

  /// What every one of `clusters` looks like now, and why those that don't answer don't.
  func observe(_ clusters: [ClusterSpec]) async -> ObservedState {
    clock.note(clusters)
    var observed = ObservedState.nothing
    for cluster in clusters.sorted(by: { $0.name < $1.name }) {
      do throws(Failure) {
        observed.observations.append(try await provider.observe(cluster))
      } catch {
        observed.unseen.append(UnseenCluster(cluster.name, reason: "\(error)"))
      }
    }
    return observed
  }

  func current() async throws(Trouble) -> StoredState {
    do throws(StoreError) { return try await store.current() } catch { throw .state(error) }
  }

  func events(limit: Int) async throws(Trouble) -> [Event] {
    do throws(StoreError) { return try await store.events(limit: limit) } catch {
      throw .state(error)
    }
  }

  func history(limit: Int) async throws(Trouble) -> [RevisionRecord] {
    do throws(StoreError) { return try await store.history(limit: limit) } catch {
      throw .state(error)
    }
  }

  func adopt(_ adoption: Adoption) async throws(Trouble) {
    let outcome: AdoptionOutcome
    do throws(StoreError) { outcome = try await store.adopt(adoption) } catch {
      throw .state(error)
    }
    switch outcome {
    case .adopted: return
    case .stale: throw .problem(StateWording.overtaken(path))
    }
  }
}
