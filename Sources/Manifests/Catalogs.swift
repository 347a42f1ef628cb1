public import Catalog
public import Diagnostics
public import Model

/// A price file among the sources of a run.
public struct PriceManifest: Sendable {
  /// As the sources have it.
  public let path: String
  public let prices: PriceFile
  let origin: Origin
}

/// What the clusters of a run may buy from: the built-in catalogue, or a price file over it.
public enum Catalogs {
  /// The price files that `manifests` name and `sources` lack, sorted: a path beside the manifest that
  /// names it. Add those that exist to the sources, and read again.
  public static func missingPaths(_ manifests: ManifestSet, in sources: Sources) -> [String] {
    let known = Set(sources.texts.map(\.path))
    return Set(manifests.clusters.compactMap { path(of: $0, in: sources) }).subtracting(known)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The catalogue of each cluster that names a price file, and all that is wrong with those files.
  public static func read(
    _ manifests: ManifestSet, in sources: Sources
  ) -> Diagnosed<[ClusterName: Catalog]> {
    let files = Dictionary(manifests.priceFiles.map { ($0.path, $0) }) { first, _ in first }
    var diagnostics = manifests.priceFiles.flatMap { file in
      file.prices.problems(over: .builtIn).map { Diagnostic.wrongPrice($0, in: file) }
    }
    var catalogs: [ClusterName: Catalog] = [:]
    for (cluster, origin) in manifests.clusters {
      guard let path = path(of: (cluster, origin), in: sources) else { continue }
      if let file = files[path] {
        catalogs[cluster.name] = Catalog.builtIn.extended(by: file.prices)
      } else if manifests.isComplete {
        diagnostics.append(.missingPriceFile(path, origin.span("spec", "catalog")))
      }
    }
    return Diagnosed(catalogs, Diagnostic.ordered(diagnostics))
  }

  /// The price file of each cluster that names one, sorted by cluster: a path among `sources`.
  public static func files(
    of manifests: ManifestSet, in sources: Sources
  ) -> [(cluster: ClusterName, path: String)] {
    let known = Set(manifests.priceFiles.map(\.path))
    return manifests.clusters.compactMap { cluster -> (cluster: ClusterName, path: String)? in
      guard let path = path(of: cluster, in: sources), known.contains(path) else { return nil }
      return (cluster.0.name, path)
    }.sorted { $0.cluster < $1.cluster }
  }

  /// The built-in catalogue under one price file, and all that is wrong with that.
  public static func read(_ priceFile: SourceText) -> Diagnosed<Catalog> {
    let read = ManifestReader.read(Sources([priceFile]))
    let catalog = read.value.priceFiles.first.map { Catalog.builtIn.extended(by: $0.prices) }
    let problems = read.value.priceFiles.flatMap { file in
      file.prices.problems(over: .builtIn).map { Diagnostic.wrongPrice($0, in: file) }
    }
    return Diagnosed(catalog ?? .builtIn, Diagnostic.ordered(read.diagnostics + problems))
  }

  private static func path(
    of cluster: (spec: ClusterSpec, origin: Origin), in sources: Sources
  ) -> String? {
    guard let name = cluster.spec.catalog else { return nil }
    let manifest = sources[cluster.origin.nameSpan.source].path
    return name.hasPrefix("/") ? name : DirectorySettings.directory(of: manifest) + name
  }
}

extension ManifestSet {
  fileprivate var clusters: [(ClusterSpec, Origin)] {
    manifests.compactMap { manifest in
      switch manifest.spec {
      case .cluster(let cluster): (cluster, manifest.origin)
      case .nodePool, .queue, .workload, .gate: nil
      }
    }
  }
}
