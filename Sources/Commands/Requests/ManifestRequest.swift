import Catalog
import Diagnostics
import Manifests
import Model
import YAML

/// What the manifests of a command's paths come to beside what is stored.
struct ManifestRequest: Sendable {
  /// Of the objects in the given manifests.
  let given: DesiredState
  /// All sets together, as they will be.
  let wishes: Wishes
  /// What was wanted before.
  var before: Wishes
  /// Clusters that are not wanted any more, where something may still run.
  let clustersLeaving: [ClusterSpec]
  /// Warnings only; errors were thrown.
  let warnings: [Diagnostic]
  let sources: Sources
  /// What `sources` declare; nil where no manifests were given.
  let manifests: ManifestSet?

  var desired: DesiredState { wishes.desired }

  /// Reads `paths`, or throws everything that is wrong with them at once.
  init(_ paths: [String], beside stored: Wishes) throws(Trouble) {
    var files = SourceFiles(paths)
    let read = ManifestReader.read(files.sources)
    files.add(priceFiles: Catalogs.missingPaths(read.value, in: files.sources))
    try self.init(files.sources, gatheredWith: files.diagnostics, beside: stored)
  }

  /// Reads `sources`, whose gathering met `problems`, or throws everything that is wrong at once.
  init(
    _ sources: Sources, gatheredWith problems: [Diagnostic], beside stored: Wishes
  ) throws(Trouble) {
    let read = ManifestReader.read(sources)
    let priced = Catalogs.read(read.value, in: sources)
    let isComplete = problems.isEmpty
    let named = Set(read.value.manifests.map(\.spec.id))
    let prices = stored.prices.filter { !named.contains(ObjectID(.cluster, $0.key.text)) }
      .merging(priced.value) { $1 }
    let catalogs = prices.mapValues { Catalog.builtIn.extended(by: $0) }
    // Where a file is missing, whatever it declares is unknown: to speak of names that nothing
    // declares would be to report one mistake twice.
    let resolved =
      isComplete
      ? References.resolve(read.value, beside: stored.desired) { catalogs[$0.name] ?? .builtIn }
      : Diagnosed(DesiredState.empty)
    let diagnostics =
      problems + read.diagnostics + (isComplete ? priced.diagnostics : [])
      + resolved.diagnostics + TimeZones.check(read.value, known: Zones.names)
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw .input(Diagnostic.ordered(diagnostics), sources)
    }
    self.sources = sources
    manifests = read.value
    given = resolved.value
    before = stored
    var wishes = Wishes(
      stored.desired.replacing(sets: Set(read.value.sets), with: resolved.value), prices: prices)
    wishes.pricePaths = Catalogs.paths(read.value, in: sources)
    let held = try wishes.hold(as: stored)
    warnings = Diagnostic.ordered(diagnostics) + held
    self.wishes = wishes
    clustersLeaving = stored.desired.clusters(notIn: wishes.desired)
  }

  /// What is stored, to be planned again as it is.
  init(stored: Wishes) { self.init(wishing: stored, insteadOf: stored) }

  /// What was wanted at another time, or is written in a plan.
  init(wishing wishes: Wishes, insteadOf stored: Wishes) {
    given = .empty
    self.wishes = wishes
    before = stored
    clustersLeaving = stored.desired.clusters(notIn: wishes.desired)
    warnings = []
    sources = Sources()
    manifests = nil
  }

  /// What is stored without these objects.
  init(removing objects: Set<ObjectID>, from stored: Wishes) throws(Trouble) {
    func rest<S: Spec>(_ specs: [S]) -> [S] { specs.filter { !objects.contains($0.id) } }
    let old = stored.desired
    let rest = DesiredState(
      clusters: rest(old.clusters), nodePools: rest(old.nodePools), queues: rest(old.queues),
      workloads: rest(old.workloads), gates: rest(old.gates))
    let wishes = Wishes(rest, prices: stored.prices)
    try wishes.check(as: "what is left")
    self.init(wishing: wishes, insteadOf: stored)
  }
}

extension ManifestRequest {
  var changes: [ObjectChange] { wishes.changes(since: before) }

  /// The same wishes after they were adopted: nothing changes in the objects any more.
  var settled: ManifestRequest {
    var settled = self
    settled.before = wishes
    return settled
  }

  var allClusters: [ClusterSpec] { desired.clusters + clustersLeaving }
}

extension DesiredState {
  fileprivate func clusters(notIn other: DesiredState) -> [ClusterSpec] {
    let kept = Set(other.clusters.map(\.name))
    return clusters.filter { !kept.contains($0.name) }
  }
}
