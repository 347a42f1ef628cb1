import JSON
import Model
import Planning

/// A PersistentVolumeClaim as the API server shows it.
struct VolumeClaim: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// The volume that it has; nil while it has none.
  var volume: String?

  var isUsable: Bool { !meta.name.isEmpty }

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "spec":
      let name = try reader.labels()["volumeName"] ?? ""
      volume = name.isEmpty ? nil : name
    default: break
    }
  }
}

/// A PersistentVolume, as far as it says where it can be.
struct Volume: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// One of these has to hold; anywhere where there is none.
  private var terms: [KubeTree] = []

  var isUsable: Bool { !meta.name.isEmpty }

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "spec":
      let spec = try KubeTree(&reader)
      terms = spec["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?.items ?? []
    default: break
    }
  }

  func reaches(_ node: KubeNode) -> Bool {
    terms.isEmpty
      || terms.contains { term in
        (term["matchExpressions"]?.items ?? []).allSatisfy { Self.holds($0, of: node.meta.labels) }
          && (term["matchFields"]?.items ?? []).allSatisfy {
            Self.holds($0, of: ["metadata.name": node.meta.name])
          }
      }
  }

  /// A requirement of a node selector.
  private static func holds(_ requirement: KubeTree, of labels: [String: String]) -> Bool {
    let value = requirement["key"]?.text.flatMap { labels[$0] }
    let values = (requirement["values"]?.items ?? []).compactMap(\.text)
    switch requirement["operator"]?.text {
    case "In": return value.map(values.contains) ?? false
    case "NotIn": return value.map { !values.contains($0) } ?? true
    case "Exists": return value != nil
    case "DoesNotExist": return value == nil
    case "Gt", "Lt":
      guard let number = value.flatMap({ Int64($0) }),
        let bound = values.first.flatMap({ Int64($0) })
      else { return false }
      return requirement["operator"] == "Gt" ? number > bound : number < bound
    default: return false
    }
  }
}
