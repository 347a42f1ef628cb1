import Interfaces
import Model
import Planning
import SQLiteStore
import SimulatedProvider

/// What a command works with: the state, the world and its time.
struct Session: Sendable {
  let path: String
  let store: SQLiteStore
  let world: WorldFile
  let provider: SimulatedProvider
  let clock: VirtualClock

  /// The simulated world persists beside the state, so that separate commands see the same one.
  init(state path: String) throws(Trouble) {
    self.path = path
    let directory = path.split(separator: "/", omittingEmptySubsequences: false)
      .dropLast().joined(separator: "/")
    do throws(POSIX.Problem) {
      if !directory.isEmpty { try POSIX.makeDirectory(directory) }
    } catch {
      throw .state(.unreadable(path: path, detail: error.text))
    }
    do throws(StoreError) {
      store = try SQLiteStore(path: path)
    } catch {
      throw .state(error)
    }
    do throws(Failure) {
      world = try WorldFile(path: directory.isEmpty ? "world.db" : "\(directory)/world.db")
      provider = SimulatedProvider(world)
      clock = VirtualClock(world)
    } catch {
      throw .problem(WorldWording.unreadable(error))
    }
  }

  /// What every one of `clusters` looks like now, and why those that don't answer don't.
  func observe(_ clusters: [ClusterSpec]) async -> ObservedState {
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
