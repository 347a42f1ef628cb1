import Foundation
public import Loopback

/// An API server of Kubernetes without anything behind it: no kubelet, no controller, as that of
/// envtest. It says what a real one said in the recordings, as far as Setpoint speaks with it, and
/// refuses the rest.
public actor Imitation {
  var store = Store()
  var watchers: [Watcher] = []
  var holdsBack = false
  var resources = Resource.all
  private var pages: [String: (rest: ArraySlice<Tree>, version: Int)] = [:]
  private var lastPage = 0

  /// Who may come; anybody where there is none.
  private let token: String?
  /// What goes wrong: asked before each request.
  public var fault: @Sendable (Loopback.Asked) -> Fault? = { _ in nil }
  public private(set) var requestCount = 0
  /// By resource, subresource and verb, as labels.
  var requestCounts: [String: Int] = [:]
  /// The version up to which kubelets have done their part.
  var playedUntil = 0

  public enum Fault: Sendable {
    /// Carried out, and the connection breaks before the answer.
    case lostAnswer
    /// Priority and fairness.
    case overload
    /// Said without anything being done.
    case refusal(Int, String)
  }

  public init(token: String? = nil, namespaces: [String] = ["default", "setpoint"]) {
    self.token = token
    for name in namespaces {
      _ = store.create(
        ["metadata": ["name": .string(name)], "status": ["phase": "Active"]], .namespaces,
        Store.Key(namespace: "", name: name))
    }
  }

  public func set(fault: @escaping @Sendable (Loopback.Asked) -> Fault?) { self.fault = fault }

  public func reply(to asked: Loopback.Asked) -> Loopback.Reply {
    requestCount += 1
    count(asked)
    let fault = fault(asked)
    switch fault {
    case .overload: return Self.reply(.overload)
    case .refusal(let code, let reason): return Self.reply(.no(code, reason, "refused by a test"))
    case .lostAnswer, nil: break
    }
    if asked.query["watch"] != nil, let watch = watch(asked) { return watch }
    let said = answer(asked)
    tellWatchers()
    if case .lostAnswer = fault { return .raw("") }
    return Self.reply(said)
  }

  private static func reply(_ said: Said) -> Loopback.Reply {
    if case .string(let text) = said.body { return .text(said.status, text, said.headers) }
    let headers = said.headers.merging(["Content-Type": "application/json"]) { $1 }
    return .text(said.status, said.body.text + "\n", headers)
  }

  private func answer(_ asked: Loopback.Asked) -> Said {
    do throws(Said) {
      try admit(asked)
      switch asked.path {
      case "/readyz", "/livez": return Said(200, "ok")
      case "/metrics": return Said(200, .string(metrics))
      case "/version": return Said(200, ["major": "1", "minor": "36"])
      default: break
      }
      if let said = discovery(asked.path) { return said }
      guard let target = Target(asked.path, resources) else {
        return Said(404, "404 page not found\n")
      }
      return try answer(asked, target)
    } catch { return error }
  }

  func isAdmitted(_ asked: Loopback.Asked) -> Bool {
    do throws(Said) {
      try admit(asked)
      return true
    } catch { return false }
  }

  func target(_ asked: Loopback.Asked) -> Target? { Target(asked.path, resources) }

  private func admit(_ asked: Loopback.Asked) throws(Said) {
    guard let token else { return }
    guard let given = asked["authorization"] else {
      let kind = asked.path.split(separator: "/").last.map(String.init) ?? ""
      throw .no(
        403, "Forbidden",
        "\(kind) is forbidden: User \"system:anonymous\" cannot list resource \"\(kind)\" in API "
          + "group \"\" at the cluster scope", ["kind": .string(kind)])
    }
    guard given == "Bearer \(token)" else { throw .no(401, "Unauthorized", "Unauthorized") }
  }

  private func answer(_ asked: Loopback.Asked, _ target: Target) throws(Said) -> Said {
    switch (asked.method, target.name, target.part) {
    case ("GET", nil, nil): return try list(asked, target)
    case ("POST", nil, nil): return try create(asked, target)
    case ("GET", let name?, nil): return Said(200, try object(target, name))
    case ("PUT", let name?, nil): return try replace(asked, target, name)
    case ("PATCH", let name?, let part) where part == nil || part == "status":
      return try patch(asked, target, name)
    case ("DELETE", let name?, nil):
      return try delete(target, name, options: try body(asked, orElse: [:]))
    case ("POST", let name?, "binding"): return try bind(asked, target, name)
    case ("POST", let name?, "eviction"): return try evict(asked, target, name)
    case ("GET", let name?, "scale"): return Said(200, Self.scale(try object(target, name)))
    case ("PUT", let name?, "scale"): return try scale(asked, target, name)
    default:
      return .no(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    }
  }

  func key(_ target: Target, _ name: String) -> Store.Key {
    Store.Key(namespace: target.namespace ?? "", name: name)
  }

  func object(_ target: Target, _ name: String) throws(Said) -> Tree {
    guard let object = store[target.resource, key(target, name)] else {
      throw .notFound(target.resource, name)
    }
    return object
  }

  func body(_ asked: Loopback.Asked, orElse none: Tree? = nil) throws(Said) -> Tree {
    if asked.body.isEmpty, let none { return none }
    do { return try Tree(asked.body) } catch {
      throw .no(400, "BadRequest", "the object provided is unrecognized: \(error)")
    }
  }

  // MARK: Lists

  private func list(_ asked: Loopback.Asked, _ target: Target) throws(Said) -> Said {
    var rest: ArraySlice<Tree>
    var version = store.version
    if let token = asked.query["continue"] {
      guard token.hasPrefix("page-") else {
        throw .no(400, "BadRequest", "invalid continue token: continue key is not valid")
      }
      guard let page = pages[token] else {
        throw .no(
          410, "Expired",
          "The provided continue parameter is too old to display a consistent list result.")
      }
      (rest, version) = page
    } else {
      let selector = Selector(asked.query["labelSelector"] ?? "")
      rest = store.all(target.resource, in: target.namespace).filter { selector.selects($0) }[...]
    }
    let count = asked.query["limit"].flatMap { Int($0) } ?? rest.count
    let page = Array(rest.prefix(count))
    rest.removeFirst(page.count)
    var metadata: Tree = ["resourceVersion": .string("\(version)")]
    if !rest.isEmpty {
      lastPage += 1
      pages["page-\(lastPage)"] = (rest, version)
      metadata["continue"] = .string("page-\(lastPage)")
    }
    return Said(
      200,
      [
        "kind": .string("\(target.resource.kind)List"),
        "apiVersion": .string(target.resource.apiVersion), "metadata": metadata,
        "items": .array(
          page.map { item in
            // An item of a list does not say again what it is.
            var item = item
            item["kind"] = nil
            item["apiVersion"] = nil
            return item
          }),
      ])
  }

  /// The server has forgotten what pages are of: compaction.
  public func forgetPages() { pages = [:] }

  // MARK: Writing

  private func create(_ asked: Loopback.Asked, _ target: Target) throws(Said) -> Said {
    let object = try body(asked)
    guard let name = object[["metadata", "name"]]?.string else {
      throw .no(422, "Invalid", "name is required")
    }
    return try create(object, target, name, isDry: asked.query["dryRun"] == "All")
  }

  private func create(
    _ object: Tree, _ target: Target, _ name: String, isDry: Bool = false
  ) throws(Said) -> Said {
    let resource = target.resource
    let key = key(target, name)
    guard store[resource, key] == nil else {
      throw .no(
        409, "AlreadyExists", "\(resource.fullName) \"\(name)\" already exists",
        resource.details(name, resource.plural))
    }
    if let namespace = target.namespace,
      store[.namespaces, Store.Key(namespace: "", name: namespace)] == nil
    {
      throw .notFound(.namespaces, namespace)
    }
    var object = try Rules.admitted(object, resource, name)
    if let namespace = target.namespace {
      object[["metadata", "namespace"]] = .string(namespace)
    }
    if resource == .definitions { resources.append(try Rules.defined(by: object)) }
    guard isDry else { return Said(201, store.create(object, resource, key)) }
    var copy = store
    return Said(201, copy.create(object, resource, key))
  }

  private func replace(
    _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    let old = try object(target, name)
    var new = try body(asked)
    try check(version: new, of: old, target.resource, name)
    for name in ["uid", "creationTimestamp"] {
      new[["metadata", name]] = old[["metadata", name]]
    }
    if target.resource.plural == "leases" { try Rules.check(lease: new, target.resource, name) }
    return Said(200, store.update(new, target.resource, key(target, name)))
  }

  func check(
    version new: Tree, of old: Tree, _ resource: Resource, _ name: String
  ) throws(Said) {
    let path = ["metadata", "resourceVersion"]
    guard let wanted = new[path], wanted != old[path] else { return }
    throw .conflict(
      resource, name,
      "the object has been modified; please apply your changes to the latest version and try again")
  }

  private func patch(
    _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    var patch = try body(asked)
    if asked["content-type"] == "application/apply-patch+yaml" {
      return try apply(patch, asked, target, name)
    }
    guard asked["content-type"] == "application/merge-patch+json" else {
      throw .no(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
    }
    let old = try object(target, name)
    try check(version: patch, of: old, target.resource, name)
    // A subresource changes its own part, and the object all but that.
    if target.part == "status" {
      patch = ["status": patch["status"] ?? [:]]
    } else if target.resource.isCustom || target.resource == .pods {
      patch["status"] = nil
    }
    patch[["metadata", "resourceVersion"]] = nil
    var new = old.merged(with: patch)
    // What stands there is no part of a change.
    new[["metadata", "resourceVersion"]] = old[["metadata", "resourceVersion"]]
    try Rules.check(change: new, of: old, target.resource, name)
    Rules.count(change: &new, of: old)
    let changed = store.update(new, target.resource, key(target, name))
    if target.resource != .pods, new[["metadata", "deletionTimestamp"]] != nil, !new.isHeld {
      store.delete(target.resource, key(target, name))
    }
    return Said(200, changed)
  }

  private func apply(
    _ applied: Tree, _ asked: Loopback.Asked, _ target: Target, _ name: String
  ) throws(Said) -> Said {
    let resource = target.resource
    let key = key(target, name)
    guard let manager = asked.query["fieldManager"] else {
      throw .no(422, "Invalid", "fieldManager is required for apply patch")
    }
    let isDry = asked.query["dryRun"] == "All"
    let leaves = applied.leaves.filter { path, _ in
      path.first == "spec" || path.starts(with: ["metadata", "labels"])
        || path.starts(with: ["metadata", "annotations"])
    }
    guard let old = store[resource, key] else {
      let said = try create(applied, target, name, isDry: isDry)
      if !isDry { store.managers[resource, default: [:]][key] = [manager: Set(leaves.keys)] }
      return said
    }
    let others = (store.managers[resource]?[key] ?? [:]).filter { $0.key != manager }
    let conflicts = others.sorted { $0.key < $1.key }.flatMap { other, paths in
      leaves.filter { paths.contains($0.key) && old[$0.key] != $0.value }.keys
        .map { (other, $0) }.sorted { $0.1.joined() < $1.1.joined() }
    }
    if !conflicts.isEmpty, asked.query["force"] != "true" {
      throw Rules.applyConflict(conflicts)
    }
    var new = old.applying(Rules.completed(applied, resource))
    for gone in (store.managers[resource]?[key]?[manager] ?? []).subtracting(leaves.keys) {
      new[gone] = nil
    }
    new["metadata"] = (old["metadata"] ?? [:]).merged(with: applied["metadata"] ?? [:])
    try Rules.check(change: new, of: old, resource, name)
    Rules.count(change: &new, of: old)
    store.managers[resource, default: [:]][key, default: [:]][manager] = Set(leaves.keys)
    return Said(200, store.update(new, resource, key))
  }

  func delete(
    _ target: Target, _ name: String, options: Tree
  ) throws(Said) -> Said {
    let old = try object(target, name)
    if let uid = options[["preconditions", "uid"]]?.string,
      let own = old[["metadata", "uid"]]?.string, uid != own
    {
      throw .no(
        409, "Conflict",
        "Operation cannot be fulfilled on \(target.resource.kind) \"\(name)\": the UID in the "
          + "precondition (\(uid)) does not match the UID in record (\(own)). The object might "
          + "have been deleted and then recreated",
        ["name": .string(name), "kind": .string(target.resource.kind)])
    }
    guard target.resource == .pods else {
      if old.isHeld {
        return Said(200, store.update(Rules.leaving(old), target.resource, key(target, name)))
      }
      store.delete(target.resource, key(target, name))
      return Said(
        200, ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success"])
    }
    let (left, isGone) = Rules.deleted(pod: old, options["gracePeriodSeconds"]?.integer)
    // Also where it goes at once, watches hear first that it does.
    let leaving = store.update(left, .pods, key(target, name))
    if isGone { store.delete(.pods, key(target, name)) }
    return Said(200, leaving)
  }
}

/// What a path means.
struct Target {
  var resource: Resource
  var namespace: String?
  var name: String?
  /// A subresource.
  var part: String?

  init?(_ path: String, _ resources: [Resource]) {
    var parts = path.split(separator: "/").map(String.init)[...]
    guard let root = parts.popFirst() else { return nil }
    let group = root == "apis" ? parts.popFirst() : root == "api" ? "" : nil
    guard let group, let version = parts.popFirst() else { return nil }
    // Namespaces are objects as well.
    if parts.count >= 3, parts.first == "namespaces" {
      namespace = parts[parts.startIndex + 1]
      parts = parts.dropFirst(2)
    }
    guard let plural = parts.popFirst(),
      let resource = resources.first(where: {
        $0.group == group && $0.version == version && $0.plural == plural
      })
    else { return nil }
    self.resource = resource
    name = parts.popFirst()
    part = parts.popFirst()
    guard parts.isEmpty else { return nil }
  }
}

/// A selector by equality or presence of labels.
struct Selector {
  private var wanted: [(String, String?)] = []

  init(_ text: String) {
    for term in text.split(separator: ",") {
      let sides = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      wanted.append((String(sides[0]), sides.count > 1 ? String(sides[1]) : nil))
    }
  }

  init(matching labels: Tree?) {
    for (key, value) in labels?.members ?? [:] { wanted.append((key, value.string)) }
  }

  func selects(_ object: Tree) -> Bool {
    wanted.allSatisfy { key, value in
      guard let own = object[["metadata", "labels", key]]?.string else { return false }
      return value == nil || own == value
    }
  }
}
