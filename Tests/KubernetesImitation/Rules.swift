/// What the API server makes of objects that it knows more of.
enum Rules {
  /// As it is kept when it is made: checked, and with what was left out.
  static func admitted(
    _ object: Tree, _ resource: Resource, _ name: String
  ) throws(Said) -> Tree {
    var object = completed(object, resource)
    guard name.wholeMatch(of: /[a-z0-9]([-a-z0-9.]*[a-z0-9])?/) != nil, name.count <= 253 else {
      throw .invalid(
        resource, name, "metadata.name",
        "Invalid value: \"\(name)\": a lowercase RFC 1123 subdomain must consist of lower case "
          + "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
          + "character (e.g. 'example.com', regex used for validation is "
          + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
    }
    try check(labels: object, resource, name)
    object[["metadata", "resourceVersion"]] = nil
    switch resource {
    case .pods: return try admitted(pod: object, name)
    case .budgets:
      object[["metadata", "generation"]] = 1
      object["status"] = [
        "disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0,
      ]
    case .nodes: break
    default:
      if resource.plural == "services" { try check(service: object, resource, name) }
      if resource.plural == "leases" { try check(lease: object, resource, name) }
      if resource.plural == "events",
        object[["involvedObject", "namespace"]] != object[["metadata", "namespace"]]
      {
        throw .invalid(
          resource, name, "involvedObject.namespace", "does not match event.namespace")
      }
      if resource.isCustom { object[["metadata", "generation"]] = 1 }
    }
    return object
  }

  /// With what is meant where nothing is said.
  static func completed(_ object: Tree, _ resource: Resource) -> Tree {
    guard resource.plural == "services", let ports = object[["spec", "ports"]] else {
      return object
    }
    var object = object
    object[["spec", "ports"]] = .array(
      ports.items.map { port in
        var port = port
        port["protocol"] = port["protocol"] ?? "TCP"
        return port
      })
    return object
  }

  /// Changes of what is wanted are counted.
  static func count(change new: inout Tree, of old: Tree) {
    let generation = ["metadata", "generation"]
    guard let before = old[generation]?.integer, new["spec"] != old["spec"] else { return }
    new[generation] = .number("\(before + 1)")
  }

  private static func check(labels object: Tree, _ resource: Resource, _ name: String)
    throws(Said)
  {
    for (key, value) in object[["metadata", "labels"]]?.members ?? [:] {
      let text = value.string
      let isFine = text?.wholeMatch(of: /([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?/) != nil
      guard isFine, isQualified(key) else {
        throw .invalid(
          resource, name, "metadata.labels", "Invalid value: \"\(text ?? value.text)\"")
      }
    }
    for (key, value) in object[["metadata", "annotations"]]?.members ?? [:] {
      guard value.string != nil, isQualified(key.lowercased()) else {
        throw .invalid(resource, name, "metadata.annotations", "Invalid value: \"\(key)\"")
      }
    }
  }

  private static func isQualified(_ key: String) -> Bool {
    let pattern =
      /([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?/
    return key.wholeMatch(of: pattern) != nil
  }

  private static func check(service: Tree, _ resource: Resource, _ name: String) throws(Said) {
    guard name.wholeMatch(of: /[a-z]([-a-z0-9]{0,61}[a-z0-9])?/) != nil else {
      throw .invalid(
        resource, name, "metadata.name", "Invalid value: a DNS-1035 label must begin with a letter")
    }
    let isHeadless = service[["spec", "clusterIP"]]?.string == "None"
    guard isHeadless || !(service[["spec", "ports"]]?.items ?? []).isEmpty else {
      throw .invalid(resource, name, "spec.ports", "Required value")
    }
  }

  static func check(lease: Tree, _ resource: Resource, _ name: String) throws(Said) {
    if let seconds = lease[["spec", "leaseDurationSeconds"]]?.integer, seconds <= 0 {
      throw .invalid(
        resource, name, "spec.leaseDurationSeconds",
        "Invalid value: \(seconds): must be greater than 0")
    }
    for field in ["acquireTime", "renewTime"] {
      guard let moment = lease[["spec", field]]?.string else { continue }
      // As Go parses them by its layout, which has six digits of a second.
      let micros = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[-+]\d\d:\d\d)/
      guard moment.wholeMatch(of: micros) != nil else {
        throw .no(
          400, "BadRequest",
          "Lease in version \"v1\" cannot be handled as a Lease: parsing time \"\(moment)\"")
      }
    }
  }

  private static func admitted(pod: Tree, _ name: String) throws(Said) -> Tree {
    var pod = pod
    let containers = pod[["spec", "containers"]]?.items ?? []
    guard !containers.isEmpty else {
      throw .invalid(.pods, name, "spec.containers", "Required value")
    }
    for host in ["hostname", "subdomain"] {
      guard let label = pod[["spec", host]]?.string else { continue }
      guard label.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) != nil else {
        throw .invalid(.pods, name, "spec.\(host)", "Invalid value: \"\(label)\"")
      }
    }
    var complete: [Tree] = []
    for (index, container) in containers.enumerated() {
      complete.append(try admitted(container: container, index, name))
    }
    pod[["spec", "containers"]] = .array(complete)
    pod[["spec", "restartPolicy"]] = pod[["spec", "restartPolicy"]] ?? "Always"
    pod[["spec", "terminationGracePeriodSeconds"]] =
      pod[["spec", "terminationGracePeriodSeconds"]] ?? 30
    pod[["spec", "schedulerName"]] = pod[["spec", "schedulerName"]] ?? "default-scheduler"
    pod[["metadata", "generation"]] = 1
    pod["status"] = ["phase": "Pending"]
    return pod
  }

  /// Resources that are counted in whole units must be asked for and limited alike.
  private static func admitted(
    container: Tree, _ index: Int, _ name: String
  ) throws(Said) -> Tree {
    var container = container
    let field = "spec.containers[\(index)]"
    guard container["name"]?.string != nil, container["image"]?.string?.isEmpty == false else {
      throw .invalid(.pods, name, "\(field).image", "Required value")
    }
    for variable in container["env"]?.items ?? [] {
      guard variable["name"]?.string?.isEmpty == false,
        variable["value"] == nil || variable["valueFrom"] == nil
      else { throw .invalid(.pods, name, "\(field).env", "Invalid value") }
    }
    let limits = container[["resources", "limits"]]?.members ?? [:]
    for (resource, amount) in limits {
      let asked = container[["resources", "requests", resource]]
      if resource.contains("/"), let asked, asked != amount {
        throw .invalid(
          .pods, name, "\(field).resources.requests",
          "Invalid value: must be equal to \(resource) limit of \(amount.string ?? amount.text)")
      }
      container[["resources", "requests", resource]] = asked ?? amount
    }
    let requests = container[["resources", "requests"]]?.members ?? [:]
    for (resource, amount) in requests where resource.contains("/") && limits[resource] == nil {
      throw .invalid(
        .pods, name, "\(field).resources.limits",
        "Required value: Limit must be set for non overcommitable resources, such as \(amount)")
    }
    return container
  }

  /// A definition of Cluster API's shape makes its kind known.
  static func defined(by definition: Tree) throws(Said) -> Resource {
    guard let group = definition[["spec", "group"]]?.string,
      let plural = definition[["spec", "names", "plural"]]?.string,
      let kind = definition[["spec", "names", "kind"]]?.string,
      let version = definition[["spec", "versions"]]?.items.first?["name"]?.string
    else { throw .no(422, "Invalid", "spec.names: Required value") }
    return Resource(
      group, version, plural, kind,
      isNamespaced: definition[["spec", "scope"]]?.string != "Cluster")
  }

  static func check(
    change new: Tree, of old: Tree, _ resource: Resource, _ name: String
  ) throws(Said) {
    try check(labels: new, resource, name)
    guard resource == .pods else { return }
    var new = new["spec"] ?? [:]
    var old = old["spec"] ?? [:]
    for free in ["tolerations", "activeDeadlineSeconds", "schedulingGates"] {
      new[free] = nil
      old[free] = nil
    }
    guard new == old else {
      throw .invalid(
        .pods, name, "spec", "Forbidden: pod updates may not change fields other than these")
    }
  }

  static func applyConflict(_ conflicts: [(String, [String])]) -> Said {
    let fields = conflicts.map { (manager: $0, path: "." + $1.joined(separator: ".")) }
    let list = fields.map { "conflict with \"\($0.manager)\": \($0.path)" }
    let count = "\(fields.count) conflict\(fields.count == 1 ? "" : "s")"
    return .no(
      409, "Conflict", "Apply failed with \(count): \(list.joined(separator: "\n"))",
      [
        "causes": .array(
          fields.map {
            [
              "reason": "FieldManagerConflict",
              "message": .string("conflict with \"\($0.manager)\""), "field": .string($0.path),
            ]
          })
      ])
  }

  // MARK: Pods

  static func bound(
    _ pod: Tree, _ name: String, _ binding: Tree, _ node: String, zone: Tree?
  ) throws(Said) -> Tree {
    func conflict(_ message: String) -> Said {
      .no(
        409, "Conflict",
        "Operation cannot be fulfilled on pods/binding \"\(name)\": \(message)",
        ["name": .string(name), "kind": "pods/binding"])
    }
    if let uid = binding[["metadata", "uid"]], uid != pod[["metadata", "uid"]] {
      throw conflict("the UID in the precondition does not match the UID in record")
    }
    if pod[["metadata", "deletionTimestamp"]] != nil {
      throw conflict("pod \(name) is being deleted, cannot be assigned to a host")
    }
    if let other = pod[["spec", "nodeName"]]?.string {
      throw conflict("pod \(name) is already assigned to node \"\(other)\"")
    }
    guard (pod[["spec", "schedulingGates"]]?.items ?? []).isEmpty else {
      throw conflict("pod \(name) has non-empty .spec.schedulingGates")
    }
    var pod = pod
    pod[["spec", "nodeName"]] = .string(node)
    if let zone { pod[["metadata", "labels", "topology.kubernetes.io/zone"]] = zone }
    pod[["status", "conditions"]] = [
      ["type": "PodScheduled", "status": "True", "lastTransitionTime": .string(Store.now())]
    ]
    return pod
  }

  /// A bound pod that still runs is only asked to end: its kubelet says when it has.
  static func deleted(pod: Tree, _ grace: Int?) -> (left: Tree, isGone: Bool) {
    let phase = pod[["status", "phase"]]?.string
    let isAtOnce =
      pod[["spec", "nodeName"]] == nil || phase == "Succeeded" || phase == "Failed"
    let seconds =
      isAtOnce ? 0 : grace ?? pod[["spec", "terminationGracePeriodSeconds"]]?.integer ?? 30
    var left = pod
    if pod[["metadata", "deletionTimestamp"]] == nil {
      left[["metadata", "deletionTimestamp"]] = .string(Store.now(Double(seconds)))
      left[["metadata", "generation"]] = 2
    }
    left[["metadata", "deletionGracePeriodSeconds"]] = .number("\(seconds)")
    return (left, seconds == 0)
  }

  /// What is held by finalizers goes when the last one is taken away.
  static func leaving(_ object: Tree) -> Tree {
    var left = object
    left[["metadata", "deletionTimestamp"]] =
      object[["metadata", "deletionTimestamp"]] ?? .string(Store.now())
    return left
  }

  /// The budget that an eviction is to be counted against; nil where none is asked.
  static func budget(of pod: Tree, _ budgets: [Tree]) throws(Said) -> Tree? {
    let phase = pod[["status", "phase"]]?.string
    let isFree =
      phase == "Succeeded" || phase == "Failed" || phase == "Pending"
      || pod[["metadata", "deletionTimestamp"]] != nil
    guard !isFree else { return nil }
    guard budgets.count < 2 else {
      throw .no(
        500, "InternalError",
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not "
          + "support.")
    }
    return budgets.first
  }

  static func spent(_ budget: Tree) throws(Said) -> Tree {
    let name = budget[["metadata", "name"]]?.string ?? ""
    let status = budget["status"] ?? [:]
    guard status["observedGeneration"] == budget[["metadata", "generation"]] else {
      throw tooMany("The disruption budget \(name) is still being processed by the server.")
    }
    guard let allowed = status["disruptionsAllowed"]?.integer, allowed > 0 else {
      throw tooMany(
        "The disruption budget \(name) needs \(status["desiredHealthy"]?.integer ?? 0) healthy "
          + "pods and has \(status["currentHealthy"]?.integer ?? 0) currently")
    }
    var budget = budget
    budget[["status", "disruptionsAllowed"]] = .number("\(allowed - 1)")
    return budget
  }

  private static func tooMany(_ cause: String) -> Said {
    var said = Said.no(
      429, "TooManyRequests",
      "Cannot evict pod as it would violate the pod's disruption budget.",
      [
        "causes": [["reason": "DisruptionBudget", "message": .string(cause)]],
        "retryAfterSeconds": 10,
      ])
    said.headers = ["Retry-After": "10"]
    return said
  }
}
