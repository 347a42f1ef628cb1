import Catalog
import Diagnostics
import Documents
import Interfaces
import Manifests
import Model
import YAML

/// What the manifests of a command's paths come to beside what is stored.
struct ManifestRequest: Sendable {
  /// Of the objects in the given manifests.
  let given: DesiredState
  /// All sets together, as they will be.
  let desired: DesiredState
  /// What was wanted before.
  var before: DesiredState
  /// Clusters that are not wanted any more, where something may still run.
  var clustersLeaving: [ClusterSpec]
  let catalogs: [ClusterName: Catalog]
  /// The price files that `catalogs` were read from.
  let priceFiles: [SavedPrices]
  /// Warnings only; errors were thrown.
  let warnings: [Diagnostic]
  let sources: Sources
  /// What `sources` declare; nil where no manifests were given.
  let manifests: ManifestSet?

  /// Reads `paths`, or throws everything that is wrong with them at once.
  init(_ paths: [String], beside stored: DesiredState) throws(Trouble) {
    let files = SourceFiles(paths)
    try self.init(files.sources, gatheredWith: files.diagnostics, beside: stored)
  }

  /// Reads `sources`, whose gathering met `problems`, or throws everything that is wrong at once.
  init(
    _ sources: Sources, gatheredWith problems: [Diagnostic], beside stored: DesiredState
  ) throws(Trouble) {
    let read = ManifestReader.read(sources)
    let priced = Catalogs.read(read.value, in: sources)
    let isComplete = problems.isEmpty
    // Where a file is missing, whatever it declares is unknown: to speak of names that nothing
    // declares would be to report one mistake twice.
    let resolved =
      isComplete
      ? References.resolve(read.value, beside: stored) {
        priced.value[$0.name] ?? .builtIn
      } : Diagnosed(DesiredState.empty)
    let diagnostics =
      problems + read.diagnostics + (isComplete ? priced.diagnostics : [])
      + resolved.diagnostics
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw .input(Diagnostic.ordered(diagnostics), sources)
    }
    self.sources = sources
    manifests = read.value
    warnings = Diagnostic.ordered(diagnostics)
    given = resolved.value
    before = stored
    desired = stored.replacing(sets: Set(read.value.sets), with: resolved.value)
    clustersLeaving = stored.clusters(notIn: desired)
    var catalogs: [ClusterName: Catalog] = [:]
    for cluster in desired.clusters {
      catalogs[cluster.name] = priced.value[cluster.name] ?? .builtIn
    }
    self.catalogs = catalogs
    let texts = Dictionary(sources.texts.map { ($0.path, $0.bytes) }) { first, _ in first }
    priceFiles = Catalogs.files(of: read.value, in: sources).map { cluster, path in
      SavedPrices(
        cluster: cluster, path: path,
        text: String(decoding: texts[path] ?? [], as: UTF8.self))
    }
  }

  /// What is stored, to be planned again as it is.
  init(stored: DesiredState) {
    given = .empty
    desired = stored
    before = stored
    clustersLeaving = []
    warnings = []
    sources = Sources()
    manifests = nil
    catalogs = Dictionary(uniqueKeysWithValues: stored.clusters.map { ($0.name, .builtIn) })
    priceFiles = []
  }

  /// What is stored without these objects.
  init(removing objects: Set<ObjectID>, from stored: DesiredState) throws(Trouble) {
    given = .empty
    before = stored
    func rest<S: Spec>(_ specs: [S]) -> [S] { specs.filter { !objects.contains($0.id) } }
    desired = DesiredState(
      clusters: rest(stored.clusters), nodePools: rest(stored.nodePools),
      queues: rest(stored.queues), workloads: rest(stored.workloads), gates: rest(stored.gates))
    clustersLeaving = stored.clusters(notIn: desired)
    catalogs = Dictionary(uniqueKeysWithValues: desired.clusters.map { ($0.name, .builtIn) })
    priceFiles = []
    warnings = []
    manifests = nil
    sources = Sources([
      SourceText(path: "what is left", text: CanonicalText.manifests(desired))
    ])
    guard !desired.isEmpty else { return }
    let resolved = References.resolve(ManifestReader.read(sources).value)
    guard !resolved.hasErrors else { throw .input(resolved.diagnostics, sources) }
  }
}

extension ManifestRequest {
  var allClusters: [ClusterSpec] { desired.clusters + clustersLeaving }
}

extension DesiredState {
  fileprivate func clusters(notIn other: DesiredState) -> [ClusterSpec] {
    let kept = Set(other.clusters.map(\.name))
    return clusters.filter { !kept.contains($0.name) }
  }
}

extension StoredState {
  /// The desired state that was applied last; empty before the first apply.
  func desired(at path: String) throws(Trouble) -> DesiredState {
    guard let manifests, !manifests.isEmpty else { return .empty }
    let text = SourceText(path: path, text: manifests)
    let read = ManifestReader.read(Sources([text]), limits: .generated)
    let specs = read.value.manifests.map(\.spec)
    guard !read.hasErrors else {
      let what = read.diagnostics.first.map(\.message) ?? "its manifests can't be read"
      throw .state(.corrupt(path: path, detail: what))
    }
    return DesiredState(specs)
  }
}
