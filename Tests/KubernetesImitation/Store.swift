import Foundation

/// The objects of the server, each change of which has a version.
struct Store: Sendable {
  private(set) var version = 1000
  private var objects: [Resource: [Key: Tree]] = [:]
  /// What happened, for watches.
  private(set) var changes: [Change] = []
  /// The version before which nobody remembers what happened.
  private(set) var forgottenUntil = 0
  /// What managers said in applies, leaf by leaf.
  var managers: [Resource: [Key: [String: Set<[String]>]]] = [:]

  struct Key: Hashable, Comparable, Sendable {
    var namespace: String
    var name: String

    static func < (left: Key, right: Key) -> Bool {
      (left.namespace, left.name) < (right.namespace, right.name)
    }
  }

  struct Change: Sendable {
    var version: Int
    var resource: Resource
    var type: String
    var object: Tree
  }

  /// What happened since; versions ascend.
  func changes(after version: Int) -> ArraySlice<Change> {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].version > version { high = middle } else { low = middle + 1 }
    }
    return changes[low...]
  }

  /// Compaction.
  mutating func forget() {
    changes = []
    forgottenUntil = version
  }

  subscript(resource: Resource, key: Key) -> Tree? { objects[resource]?[key] }

  /// Sorted by namespace and name.
  func all(_ resource: Resource, in namespace: String? = nil) -> [Tree] {
    (objects[resource] ?? [:]).filter { namespace == nil || $0.key.namespace == namespace }
      .sorted { $0.key < $1.key }.map(\.value)
  }

  mutating func create(_ object: Tree, _ resource: Resource, _ key: Key) -> Tree {
    version += 1
    var object = object
    object["kind"] = .string(resource.kind)
    object["apiVersion"] = .string(resource.apiVersion)
    object[["metadata", "uid"]] = .string(UUID().uuidString.lowercased())
    object[["metadata", "creationTimestamp"]] = .string(Self.now())
    object[["metadata", "resourceVersion"]] = .string("\(version)")
    objects[resource, default: [:]][key] = object
    changes.append(Change(version: version, resource: resource, type: "ADDED", object: object))
    return object
  }

  /// Nothing changes, and no version passes, where it is the same.
  mutating func update(_ object: Tree, _ resource: Resource, _ key: Key) -> Tree {
    guard objects[resource]?[key] != object else { return object }
    version += 1
    var object = object
    object[["metadata", "resourceVersion"]] = .string("\(version)")
    objects[resource, default: [:]][key] = object
    changes.append(Change(version: version, resource: resource, type: "MODIFIED", object: object))
    return object
  }

  mutating func delete(_ resource: Resource, _ key: Key) {
    version += 1
    if var gone = objects[resource]?[key] {
      gone[["metadata", "resourceVersion"]] = .string("\(version)")
      changes.append(Change(version: version, resource: resource, type: "DELETED", object: gone))
    }
    objects[resource]?[key] = nil
    managers[resource]?[key] = nil
  }

  static func now(_ later: TimeInterval = 0) -> String {
    let formatter = ISO8601DateFormatter()
    return formatter.string(from: Date(timeIntervalSinceNow: later))
  }
}
