import JSON

/// An object of which we know no more than that it has a spec.
struct KubeForeign: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// The controller that made it, such as `CronJob/nightly`.
  var controller: String?
  var annotations: [(String, String)] { tree["annotations"]?.pairs ?? [] }
  private var tree: KubeTree = [:]
  var spec: KubeTree = [:]
  /// Conditions of its status that are `True`.
  var conditions: [String] = []

  var isUsable: Bool { !meta.name.isEmpty && !meta.namespace.isEmpty }

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata":
      var again = reader
      tree = try KubeTree(&again)
      meta = try reader.meta()
      let owner = tree["ownerReferences"]?.items.first { $0["controller"] == true }
      controller = owner.map { "\($0["kind"]?.text ?? "")/\($0["name"]?.text ?? "")" }
    case "spec": spec = try KubeTree(&reader)
    case "status":
      let status = try KubeTree(&reader)
      conditions = (status["conditions"]?.items ?? []).filter { $0["status"] == "True" }
        .compactMap { $0["type"]?.text }
    default: break
    }
  }
}
