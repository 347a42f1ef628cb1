import Catalog
import Diagnostics
import Digests
import Documents
import Interfaces
import Manifests
import Model
import Planning
import YAML

/// What people want of all sets together, with the prices that they want it at.
struct Wishes: Sendable {
  var desired: DesiredState
  /// Of the clusters that have a price file.
  var prices: [ClusterName: PriceFile]
  /// Where those price files lie that were just read, as the command line led to them.
  var pricePaths: [ClusterName: String] = [:]
  /// Objects that are left as they are; known of what is stored only.
  var paused: Set<ObjectID> = []

  static let empty = Wishes(.empty, prices: [:])

  /// Prices of clusters that nobody wants are left out.
  init(_ desired: DesiredState, prices: [ClusterName: PriceFile]) {
    let clusters = Set(desired.clusters.map(\.name))
    self.desired = desired
    self.prices = prices.filter { clusters.contains($0.key) }
  }

  /// What each cluster may buy from.
  var catalogs: [ClusterName: Catalog] {
    var catalogs: [ClusterName: Catalog] = [:]
    for cluster in desired.clusters {
      catalogs[cluster.name] =
        prices[cluster.name].map { Catalog.builtIn.extended(by: $0) } ?? .builtIn
    }
    return catalogs
  }

  /// All objects as canonical manifests.
  var manifests: String { CanonicalText.manifests(desired) }

  /// The price files as canonical text.
  var keptPrices: [ClusterPrices] { Catalogs.kept(prices) }

  /// The price files as a saved plan holds them.
  var savedPrices: [SavedPrices] {
    keptPrices.map {
      SavedPrices(cluster: $0.cluster, path: pricePaths[$0.cluster] ?? "", text: $0.text)
    }
  }

  /// The same for the same wishes only.
  var digest: Digest { Digest(of: CanonicalText.wishes(manifests, keptPrices)) }

  /// Throws what is wrong between the objects, which others see under the name of `path`.
  func check(as path: String) throws(Trouble) {
    guard !desired.isEmpty else { return }
    let sources = Sources([SourceText(path: path, text: manifests)])
    let read = ManifestReader.read(sources, limits: .generated)
    let catalogs = catalogs
    let resolved = References.resolve(read.value) { catalogs[$0.name] ?? .builtIn }
    let diagnostics = read.diagnostics + resolved.diagnostics
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw .input(Diagnostic.ordered(diagnostics), sources)
    }
  }

  /// How these wishes differ from `before`: in the objects, and in what their price files say.
  func changes(since before: Wishes) -> [ObjectChange] {
    var changes = ObjectChanges.between(before.desired, desired)
    for cluster in desired.clusters {
      guard let old = before.prices[cluster.name], let new = prices[cluster.name], old != new,
        !changes.contains(where: { $0.object == cluster.id })
      else { continue }
      let name = cluster.catalog ?? ""
      changes.append(
        ObjectChange(
          object: cluster.id, action: .update,
          fields: [
            FieldChange(
              path: "spec.catalog", before: "\(name) (\(old.mark))", after: "\(name) (\(new.mark))",
              effect: .inPlace)
          ]))
    }
    return changes.sorted { $0.object < $1.object }
  }
}

extension PriceFile {
  /// Enough of the content's digest to tell two versions apart.
  fileprivate var mark: String { Digest(of: CanonicalText.priceFile(self)).short }
}

extension StoredState {
  /// What was applied last; empty before the first apply.
  func wishes(at path: String) throws(Trouble) -> Wishes {
    let text = SourceText(path: path, text: manifests ?? "")
    let read = ManifestReader.read(Sources([text]), limits: .generated)
    let prices = Catalogs.read(self.prices, path: path)
    let diagnostics = read.diagnostics + prices.diagnostics
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      let what = diagnostics.first.map(\.message) ?? "its manifests can't be read"
      throw .state(.corrupt(path: path, detail: what))
    }
    var wishes = Wishes(DesiredState(read.value.manifests.map(\.spec)), prices: prices.value)
    wishes.paused = Set(paused.map(\.object))
    return wishes
  }
}
