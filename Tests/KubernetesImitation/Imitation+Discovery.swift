/// What there is, as a client asks that does not know.
extension Imitation {
  /// nil for what is no question of this kind.
  func discovery(_ path: String) -> Said? {
    let parts = path.split(separator: "/").map(String.init)
    switch (parts.first, parts.count) {
    case ("api", 1): return Said(200, ["kind": "APIVersions", "versions": ["v1"]])
    case ("api", 2): return kinds("", parts[1])
    case ("apis", 1):
      let names = Set(resources.map(\.group)).subtracting([""]).sorted()
      return Said(
        200,
        [
          "kind": "APIGroupList", "apiVersion": "v1",
          "groups": .array(names.compactMap { group($0) }),
        ])
    case ("apis", 2):
      guard var group = group(parts[1]) else { return Said(404, "404 page not found\n") }
      group["kind"] = "APIGroup"
      group["apiVersion"] = "v1"
      return Said(200, group)
    case ("apis", 3): return kinds(parts[1], parts[2])
    default: return nil
    }
  }

  private func group(_ name: String) -> Tree? {
    guard let known = resources.first(where: { $0.group == name }) else { return nil }
    let version: Tree = [
      "groupVersion": .string(known.apiVersion), "version": .string(known.version),
    ]
    return ["name": .string(name), "versions": [version], "preferredVersion": version]
  }

  private func kinds(_ group: String, _ version: String) -> Said {
    let known = resources.filter { $0.group == group && $0.version == version }
    guard let first = known.first else { return Said(404, "404 page not found\n") }
    return Said(
      200,
      [
        "kind": "APIResourceList", "groupVersion": .string(first.apiVersion),
        "resources": .array(
          known.map { resource in
            [
              "name": .string(resource.plural), "kind": .string(resource.kind),
              "singularName": .string(resource.kind.lowercased()),
              "namespaced": .boolean(resource.isNamespaced),
            ]
          }),
      ])
  }
}
