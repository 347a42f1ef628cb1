import Catalog
import Diagnostics
import Documents
import Interfaces
import Manifests
import Model
import Planning
import SimulatedProvider

/// Saved plans as files.
enum PlanFile {
  /// Writes a file that only its owner can read: there as a whole, or as it was before.
  static func write(_ saved: SavedPlan, to path: String) throws(Trouble) {
    do throws(POSIX.Problem) {
      try POSIX.create(path, saved.json)
    } catch {
      throw .problem(PlanFileWording.unwritable(path, error))
    }
  }

  /// The one of `paths` that is a document and no manifest; it has to stand alone.
  static func among(_ paths: [String]) throws(Trouble) -> String? {
    guard let file = paths.first(where: DocumentFile.isOne) else { return nil }
    guard paths.count == 1 else { throw .problem(PlanFileWording.notAlone(file)) }
    return file
  }
}

extension Session {
  /// What applying `saved`, the plan in `file`, asks for; or why it may not be applied any more.
  func recheck(
    _ saved: SavedPlan, from file: String
  ) async throws(Trouble) -> ManifestRequest {
    let stored = try await current()
    let before = try stored.wishes(at: path)
    let wishes = try saved.wishes(from: file)
    let request = ManifestRequest(wishing: wishes, insteadOf: before)
    let catalogs = try saved.presentCatalogs(for: wishes)
    let input = PlanningInput(
      desired: wishes.desired, desiredDigest: wishes.digest, changes: request.changes,
      previous: stored.target, observed: await observe(request.allClusters),
      done: stored.doneAt, catalogs: catalogs, now: await clock.now())
    guard let staleness = saved.plan.staleness(in: input) else { return request }
    switch staleness {
    case .overtaken(let current):
      throw .problem(saved.overtaken(file, by: current, try await history(limit: .max)))
    case .changed(let facts):
      throw .input(facts.map { PlanFileWording.changed($0, file) }, Sources())
    case .touchesMore(let actions):
      throw .input(actions.map { PlanFileWording.touchesMore($0, file) }, Sources())
    case .unsound(let violations):
      throw .input(violations.map { PlanFileWording.unsound($0, file) }, Sources())
    }
  }
}

extension SavedPlan {
  /// `history` is the newest first.
  fileprivate func overtaken(
    _ file: String, by current: TargetID?, _ history: [RevisionRecord]
  ) -> Diagnostic {
    if let revision = history.first(where: { $0.plan == plan.id }) {
      return PlanFileWording.applied(revision.number, file)
    }
    func name(_ target: TargetID?) -> String {
      guard let target else { return "a state where nothing was applied" }
      return history.first { $0.target == target }.map { "revision \($0.number)" }
        ?? "target \(target), which this state has never seen"
    }
    return PlanFileWording.overtaken(file, from: name(plan.target.parent), by: name(current))
  }

  fileprivate func wishes(from file: String) throws(Trouble) -> Wishes {
    let prices = priceFiles.map(\.kept)
    let wishes = try StoredState(manifests: manifests, prices: prices).wishes(at: file)
    try wishes.check(as: "\(file) (manifests)")
    return wishes
  }

  /// What clusters may buy from now: price files as they are on disk, and as the plan has them where
  /// none was read for it.
  fileprivate func presentCatalogs(
    for wishes: Wishes
  ) throws(Trouble) -> [ClusterName: Catalog] {
    var present = wishes
    for file in priceFiles where !file.path.isEmpty {
      present.prices[file.cluster] = try Self.priceFile(at: file.path)
    }
    return present.catalogs
  }

  private static func priceFile(at path: String) throws(Trouble) -> PriceFile? {
    let files = SourceFiles([path])
    let read = ManifestReader.read(files.sources)
    let diagnostics =
      files.diagnostics + read.diagnostics
      + Catalogs.read(read.value, in: files.sources).diagnostics
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw .input(Diagnostic.ordered(diagnostics), files.sources)
    }
    return read.value.priceFiles.first?.prices
  }
}
