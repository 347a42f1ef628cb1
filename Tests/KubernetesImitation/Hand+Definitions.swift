import HTTP

/// Kinds that are defined on a server that does not know them.
extension Hand {
  /// The namespaces that are worked in, with what every pod needs.
  func makeHome() async throws {
    try await ask(
      .post, "/api/v1/namespaces", ["metadata": ["name": .string(namespace)]], but: [409])
    // Where no controller makes them, no pod is let in without.
    for home in [namespace, "default"] {
      try await ask(
        .post, "/api/v1/namespaces/\(home)/serviceaccounts", ["metadata": ["name": "default"]],
        but: [409])
    }
  }

  /// A kind of which any object will do; returns when it is served.
  func define(
    _ plural: String, _ kind: String, _ group: String, _ version: String, isNamespaced: Bool,
    isScaled: Bool = false
  ) async throws {
    var parts: Tree = ["status": [:]]
    if isScaled {
      parts["scale"] = [
        "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
      ]
    }
    try await ask(
      .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": [
          "name": .string("\(plural).\(group)"),
          "annotations": ["api-approved.kubernetes.io": "unapproved"],
        ],
        "spec": [
          "group": .string(group), "scope": isNamespaced ? "Namespaced" : "Cluster",
          "names": [
            "plural": .string(plural), "singular": .string(kind.lowercased()),
            "kind": .string(kind), "listKind": .string("\(kind)List"),
          ],
          "versions": [
            [
              "name": .string(version), "served": true, "storage": true, "subresources": parts,
              "schema": [
                "openAPIV3Schema": [
                  "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                ]
              ],
            ]
          ],
        ],
      ], but: [409])
    let path = "/apis/\(group)/\(version)/\(plural)"
    for _ in 0..<600 where try await ask(.get, path, but: [404])["items"] == nil {
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}

extension Tree {
  /// Whether somebody has to see to something before it may go.
  var isHeld: Bool { !(self[["metadata", "finalizers"]]?.items ?? []).isEmpty }
}
