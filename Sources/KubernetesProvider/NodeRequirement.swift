/// A requirement of a node selector, as volumes and Karpenter's NodePools have them.
struct NodeRequirement: Hashable, Sendable {
  let key: String
  private let word: String
  private let values: [String]

  init(_ tree: KubeTree) {
    key = tree["key"]?.text ?? ""
    word = tree["operator"]?.text ?? ""
    values = (tree["values"]?.items ?? []).compactMap(\.text)
  }

  /// Whether a node may have this value under the key, or none; nil where that can't be said: of other
  /// operators, and of what is compared and is no number.
  func allows(_ value: String?) -> Bool? {
    switch word {
    case "In": return value.map(values.contains) ?? false
    case "NotIn": return value.map { !values.contains($0) } ?? true
    case "Exists": return value != nil
    case "DoesNotExist": return value == nil
    case "Gt", "Lt":
      guard let number = value.flatMap({ Int64($0) }),
        let bound = values.first.flatMap({ Int64($0) })
      else { return nil }
      return word == "Gt" ? number > bound : number < bound
    default: return nil
    }
  }
}
