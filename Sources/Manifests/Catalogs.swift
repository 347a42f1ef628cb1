public import Catalog
public import Diagnostics
public import Model
import YAML

/// A price file among the sources of a run.
public struct PriceManifest: Sendable {
  /// As the sources have it.
  public let path: String
  public let prices: PriceFile
  let origin: Origin
}

/// What the clusters of a run may buy from: the built-in catalogue, or a price file over it.
///
/// A price file lies beside the manifest that names it, or below; one that lies elsewhere must be among
/// the sources.
public enum Catalogs {
  /// The price files that `manifests` name and `sources` lack, sorted: paths beside or below the
  /// manifests that name them. Add those that exist to the sources, and read again.
  public static func missingPaths(_ manifests: ManifestSet, in sources: Sources) -> [String] {
    let known = Set(sources.texts.map { FilePath.plain($0.path) })
    let near = manifests.clusters.compactMap { cluster, origin -> String? in
      guard let name = cluster.catalog, FilePath.isBelow(name) else { return nil }
      return path(of: name, origin, sources)
    }
    return Set(near).filter { !known.contains(FilePath.plain($0)) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The path of the price file of each cluster that names one, as the paths of `sources` lead to it.
  public static func paths(
    _ manifests: ManifestSet, in sources: Sources
  ) -> [ClusterName: String] {
    let paths = manifests.clusters.compactMap { cluster, origin in
      cluster.catalog.map { (cluster.name, path(of: $0, origin, sources)) }
    }
    return Dictionary(paths) { first, _ in first }
  }

  /// The price file of each cluster that names one, and all that is wrong with those files.
  public static func read(
    _ manifests: ManifestSet, in sources: Sources
  ) -> Diagnosed<[ClusterName: PriceFile]> {
    let files = Dictionary(manifests.priceFiles.map { (FilePath.plain($0.path), $0) }) { first, _ in
      first
    }
    var diagnostics = manifests.priceFiles.flatMap { file in
      file.prices.problems(over: .builtIn).map { Diagnostic.wrongPrice($0, in: file) }
    }
    var prices: [ClusterName: PriceFile] = [:]
    for (cluster, origin) in manifests.clusters {
      guard let name = cluster.catalog else { continue }
      let path = path(of: name, origin, sources)
      if let file = files[FilePath.plain(path)] {
        prices[cluster.name] = file.prices
      } else if manifests.isComplete {
        let span = origin.span("spec", "catalog")
        diagnostics.append(
          FilePath.isBelow(name) ? .missingPriceFile(path, span) : .distantPriceFile(path, span))
      }
    }
    return Diagnosed(prices, Diagnostic.ordered(diagnostics))
  }

  /// Price files as canonical text, sorted by cluster.
  public static func kept(_ prices: [ClusterName: PriceFile]) -> [ClusterPrices] {
    prices.sorted { $0.key < $1.key }.map {
      ClusterPrices(cluster: $0.key, text: CanonicalText.priceFile($0.value))
    }
  }

  /// What `kept` wrote. `path` says where the text comes from.
  public static func read(
    _ kept: [ClusterPrices], path: String
  ) -> Diagnosed<[ClusterName: PriceFile]> {
    var prices: [ClusterName: PriceFile] = [:]
    var diagnostics: [Diagnostic] = []
    for entry in kept {
      let text = SourceText(path: "\(path) (prices of \(entry.cluster))", text: entry.text)
      let read = ManifestReader.read(Sources([text]), limits: .generated)
      prices[entry.cluster] = read.value.priceFiles.first?.prices
      diagnostics += read.diagnostics
    }
    return Diagnosed(prices, diagnostics)
  }

  private static func path(
    of name: String, _ origin: Origin, _ sources: Sources
  ) -> String {
    let manifest = sources[origin.nameSpan.source].path
    return name.hasPrefix("/") ? name : DirectorySettings.directory(of: manifest) + name
  }
}

/// Paths as text: what they lead to is nothing that can be known here.
enum FilePath {
  /// Without detours, so that paths to one file read the same: `m/us/../prices.yaml` is
  /// `m/prices.yaml`.
  static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether a relative path never leaves the directory that it starts at.
  static func isBelow(_ path: String) -> Bool {
    !path.hasPrefix("/") && plain(path).split(separator: "/").first != ".."
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
