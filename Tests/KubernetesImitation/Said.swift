/// What the server answers: a status, and an object.
struct Said: Error, Sendable {
  var status: Int
  var body: Tree
  var headers: [String: String] = [:]

  init(_ status: Int, _ body: Tree) {
    self.status = status
    self.body = body
  }

  /// A `Status` that says no.
  static func no(
    _ code: Int, _ reason: String?, _ message: String, _ details: Tree? = nil
  ) -> Said {
    var body: Tree = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
      "message": .string(message), "code": .number("\(code)"),
    ]
    body["reason"] = reason.map { .string($0) }
    body["details"] = details
    return Said(code, body)
  }

  static func notFound(_ resource: Resource, _ name: String) -> Said {
    .no(
      404, "NotFound", "\(resource.fullName) \"\(name)\" not found",
      resource.details(name, resource.plural))
  }

  static func conflict(_ resource: Resource, _ name: String, _ message: String) -> Said {
    .no(
      409, "Conflict",
      "Operation cannot be fulfilled on \(resource.fullName) \"\(name)\": \(message)",
      resource.details(name, resource.plural))
  }

  static func invalid(_ resource: Resource, _ name: String, _ field: String, _ message: String)
    -> Said
  {
    .no(
      422, "Invalid", "\(resource.kind) \"\(name)\" is invalid: \(field): \(message)",
      [
        "name": .string(name), "kind": .string(resource.kind),
        "causes": [["message": .string(message), "field": .string(field)]],
      ])
  }

  /// There is too much to do: nothing was looked at.
  static var overload: Said {
    var said = Said.no(
      429, "TooManyRequests", "Too many requests, please try again later.",
      ["retryAfterSeconds": 1])
    said.headers = ["Retry-After": "1"]
    return said
  }
}

/// A kind of object.
public struct Resource: Hashable, Sendable {
  /// Empty for the core.
  public var group: String
  public var version: String
  public var plural: String
  public var kind: String
  public var isNamespaced = true

  public init(
    _ group: String, _ version: String, _ plural: String, _ kind: String,
    isNamespaced: Bool = true
  ) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.isNamespaced = isNamespaced
  }

  /// Of kinds that were defined, and have a status of their own.
  var isCustom: Bool { group.hasSuffix("x-k8s.io") || group == Hand.karpenterGroup }

  var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  var fullName: String { group.isEmpty ? plural : "\(plural).\(group)" }

  func details(_ name: String, _ kind: String) -> Tree {
    var details: Tree = ["name": .string(name), "kind": .string(kind)]
    if !group.isEmpty { details["group"] = .string(group) }
    return details
  }

  static let pods = Resource("", "v1", "pods", "Pod")
  static let nodes = Resource("", "v1", "nodes", "Node", isNamespaced: false)
  static let namespaces = Resource("", "v1", "namespaces", "Namespace", isNamespaced: false)
  static let budgets = Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget")
  static let definitions = Resource(
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition",
    isNamespaced: false)

  static let all = [
    pods, nodes, namespaces, budgets, definitions, Resource("", "v1", "services", "Service"),
    Resource("", "v1", "events", "Event"),
    Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    Resource("", "v1", "persistentvolumes", "PersistentVolume", isNamespaced: false),
    Resource("", "v1", "serviceaccounts", "ServiceAccount"),
    Resource("coordination.k8s.io", "v1", "leases", "Lease"),
    Resource("apps", "v1", "deployments", "Deployment"),
    Resource("apps", "v1", "statefulsets", "StatefulSet"), Resource("batch", "v1", "jobs", "Job"),
  ]
}
