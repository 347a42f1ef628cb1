import JSON
import Model
import Planning

/// A PersistentVolumeClaim as the API server shows it.
struct VolumeClaim: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// The volume that it has; nil while it has none.
  var volume: String?

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
        Self.hold(term["matchExpressions"], of: node.meta.labels)
          && Self.hold(term["matchFields"], of: ["metadata.name": node.meta.name])
      }
  }

  private static func hold(_ requirements: KubeTree?, of labels: [String: String]) -> Bool {
    (requirements?.items ?? []).map(NodeRequirement.init).allSatisfy {
      $0.allows(labels[$0.key]) ?? false
    }
  }
}
