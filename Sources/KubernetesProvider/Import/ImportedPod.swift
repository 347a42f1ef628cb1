import Model

/// The template of a pod, as far as a workload can say what it says.
extension ImportedWorkload {
  mutating func readPod(_ pod: inout KubeTree, at path: String) {
    let containers = pod.takeItems("containers")
    let claims = takeClaims(&pod)
    for (key, value) in pod.takePairs("nodeSelector") {
      guard NameRule.labelKey.accepts(key), NameRule.labelValue.accepts(value) else {
        note("\(path).nodeSelector", "'\(key)' is no label here")
        continue
      }
      workload.placement.nodeSelector[key] = value
    }
    readTolerations(pod.takeItems("tolerations"), at: "\(path).tolerations")
    readAffinity(pod.take("affinity") ?? [:], at: "\(path).affinity")
    readSpread(
      pod.takeItems("topologySpreadConstraints"), at: "\(path).topologySpreadConstraints")
    if let name = pod.takeText("priorityClassName") {
      note(
        "\(path).priorityClassName",
        "'\(name)' says nothing here: set 'priority', 0 to 1000")
    }
    let account = pod.takeText("serviceAccountName")
    _ = pod.take("serviceAccount")
    if let account, account != "default" {
      note(
        "\(path).serviceAccountName",
        "'\(account)' is a setting of the whole cluster: 'kubernetes.serviceAccount'")
    }
    // Where and whether a pod starts again follows from the type of its workload.
    _ = pod.take("restartPolicy")
    leave(
      pod, at: path,
      defaults: [
        "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30, "enableServiceLinks": true,
      ])
    readContainers(containers, claims, at: "\(path).containers")
    for (name, claim) in claims.sorted(by: { $0.key < $1.key })
    where !workload.claims.contains(claim) {
      note("\(path).volumes '\(name)'", "is not carried: the replica does not mount it")
    }
  }

  /// Its volumes by claim, under their names in the pod; others are left there.
  private func takeClaims(_ pod: inout KubeTree) -> [String: String] {
    var claims: [String: String] = [:]
    let others = pod.takeItems("volumes").filter { volume in
      guard let name = volume["name"]?.text,
        let claim = volume["persistentVolumeClaim"]?["claimName"]?.text
      else { return true }
      claims[name] = claim
      return false
    }
    if !others.isEmpty { pod.set("volumes", .list(others)) }
    return claims
  }

  private mutating func readMounts(
    _ container: inout KubeTree, _ claims: [String: String], at path: String
  ) {
    let others = container.takeItems("volumeMounts").filter { mount in
      guard let claim = mount["name"]?.text.flatMap({ claims[$0] }),
        let mountPath = mount["mountPath"]?.text, mount["subPath"] == nil,
        mount["subPathExpr"] == nil
      else { return true }
      workload.volumes.append(
        VolumeMount(claim: claim, path: mountPath, isReadOnly: mount["readOnly"] == true))
      note("\(path).volumeMounts", "the claim '\(claim)' has to be where Setpoint runs it")
      return false
    }
    if !others.isEmpty { container.set("volumeMounts", .list(others)) }
  }

  // MARK: Containers

  /// The first is the workload; others that stand beside it are not carried.
  private mutating func readContainers(
    _ containers: [KubeTree], _ claims: [String: String], at path: String
  ) {
    for (index, container) in containers.enumerated().dropFirst() {
      let title = container["name"]?.text.map { " '\($0)'" } ?? ""
      note("\(path)[\(index)]\(title)", "is not carried: a replica is one container")
    }
    guard var container = containers.first else {
      note(path, "there is none: set 'image'")
      return
    }
    let path = "\(path)[0]"
    _ = container.take("name")
    if let image = container.takeText("image"), !image.isEmpty {
      workload.image = image
    } else {
      note("\(path).image", "there is none: set 'image'")
    }
    readCommand(&container, at: path)
    readMounts(&container, claims, at: path)
    readEnvironment(container.takeItems("env"), at: "\(path).env")
    readResources(container.take("resources") ?? [:], at: "\(path).resources")
    readPorts(container.takeItems("ports"), at: "\(path).ports")
    let isLatest = !workload.image.contains("@") && workload.image.hasSuffix(":latest")
    let hasTag = workload.image.split(separator: "/").last?.contains { ":@".contains($0) } ?? false
    leave(
      container, at: path,
      defaults: [
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "imagePullPolicy": isLatest || !hasTag ? "Always" : "IfNotPresent",
      ])
  }

  private mutating func readCommand(_ container: inout KubeTree, at path: String) {
    let command = container.takeItems("command").compactMap(\.text)
    let arguments = container.takeItems("args").compactMap(\.text)
    if command.isEmpty, !arguments.isEmpty {
      note(
        "\(path).args",
        "are not carried, since 'command' begins with the program, which only the image knows: "
          + arguments.map { "'\($0)'" }.joined(separator: " "))
    } else {
      workload.command = command + arguments
    }
  }

  private mutating func readEnvironment(_ variables: [KubeTree], at path: String) {
    var secrets: [String: SecretReference] = [:]
    for (index, variable) in variables.enumerated() {
      var variable = variable
      let name = variable.takeText("name") ?? ""
      let at = "\(path)[\(index)]"
      guard NameRule.variable.accepts(name) else {
        note(at, "'\(name)' is not carried: a variable is letters, digits and '_' here")
        continue
      }
      // A later one of the same name counts.
      workload.environment[name] = nil
      secrets[name] = nil
      var source = variable.take("valueFrom") ?? [:]
      guard !source.isEmpty else {
        let value = variable.takeText("value") ?? ""
        workload.environment[name] = value
        if value.contains("$(") {
          note(
            at, "'\(name)' names other variables; here only those whose names come before its own")
        }
        continue
      }
      var secret = source.take("secretKeyRef") ?? [:]
      let reference = SecretReference(
        name: secret.takeText("name") ?? "", key: secret.takeText("key") ?? "", variable: name)
      guard NameRule.foreign.accepts(reference.name), NameRule.foreign.accepts(reference.key)
      else {
        note(at, "'\(name)' is not carried: its value comes from elsewhere")
        continue
      }
      secrets[name] = reference
      note(at, "the secret '\(reference.name)' has to be in the namespace where Setpoint runs it")
      if secret["optional"] == true { note(at, "'\(name)' is optional there, and not here") }
    }
    workload.secrets = secrets.values.sorted { $0.variable < $1.variable }
  }

  private mutating func readPorts(_ ports: [KubeTree], at path: String) {
    guard workload.type == .inference else { return }
    for (index, port) in ports.enumerated() {
      guard let number = port["containerPort"]?.integer,
        index > 0 || number != Int64(fleet.settings.port)
      else { continue }
      note(
        "\(path)[\(index)]",
        "a service listens on one port, \(fleet.settings.port) or what 'kubernetes.port' says, and "
          + "not on \(number)")
    }
  }

  private mutating func readResources(_ resources: KubeTree, at path: String) {
    var resources = resources
    let requests = resources.take("requests") ?? [:]
    let limits = resources.take("limits") ?? [:]
    leave(resources, at: path)
    func amounts(_ tree: KubeTree) -> Amounts {
      var amounts = Amounts()
      for (name, value) in tree.entries { amounts.set(name, value.quantity ?? "") }
      return amounts
    }
    let asked = amounts(requests)
    let limited = amounts(limits)
    // Where only a limit stands, Kubernetes asks for as much.
    func wanted(_ name: String, _ path: KeyPath<Amounts, Int64>) -> Int64 {
      max(0, requests[name] == nil ? limited[keyPath: path] : asked[keyPath: path])
    }
    workload.resources.amounts.cpuMilli = wanted("cpu", \.cpuMilli)
    workload.resources.amounts.memoryBytes = wanted("memory", \.memoryBytes)
    workload.resources.amounts.storageBytes = wanted("ephemeral-storage", \.storageBytes)
    if limits["cpu"] != nil {
      note("\(path).limits.cpu", "is not carried: a replica may use what is free")
    }
    if limited.memoryBytes > workload.resources.amounts.memoryBytes {
      workload.resources.amounts.memoryBytes = limited.memoryBytes
      note("\(path).limits.memory", "is what it asks for here, since both are one")
    }
    if limited.storageBytes > workload.resources.amounts.storageBytes {
      note("\(path).limits.ephemeral-storage", "is not carried: what is asked for has no limit")
    }
    readExtended(asked.extended.merging(limited.extended) { $1 }, at: path)
    for (name, _) in requests.entries + limits.entries
    where !["cpu", "memory", "ephemeral-storage"].contains(name) && !name.contains("/") {
      note(path, "'\(name)' is not carried")
    }
  }

  private mutating func readExtended(_ extended: [String: Int64], at path: String) {
    for (name, count) in extended.sorted(by: { $0.key < $1.key }) where count > 0 {
      guard name == fleet.settings.acceleratorResource else {
        note(path, "'\(name)' is not carried")
        continue
      }
      guard count * 1000 / 1000 == count, count <= AcceleratorRequest.devicesMax else {
        note(path, "'\(name)' is not carried: so many devices no replica has")
        continue
      }
      let models = fleet.models(workload.placement, count: count)
      workload.resources.accelerator = AcceleratorRequest(
        models: models, milliDevices: count * 1000)
      if models.isEmpty {
        note(path, "no label tells which accelerators '\(name)' are: name their model")
      } else if models.count > 1 {
        note(path, "'\(name)' may be any of these models, as it was")
      }
    }
  }

  // MARK: Placement

  private mutating func readTolerations(_ tolerations: [KubeTree], at path: String) {
    for (index, toleration) in tolerations.enumerated() {
      let at = "\(path)[\(index)]"
      let key = toleration["key"]?.text ?? ""
      let isAny = toleration["operator"]?.text == "Exists"
      let value = toleration["value"]?.text ?? ""
      let isKnown = isAny || (toleration["operator"]?.text ?? "Equal") == "Equal"
      guard NameRule.labelKey.accepts(key), isKnown, isAny || NameRule.labelValue.accepts(value)
      else {
        note(at, "is not carried: a toleration here names one key, and one value or all")
        continue
      }
      let own = Toleration(key: key, value: isAny ? nil : value)
      if !workload.placement.tolerations.contains(own) {
        workload.placement.tolerations.append(own)
      }
      if let effect = toleration["effect"]?.text, !effect.isEmpty {
        note(at, "puts up with '\(key)' whatever its effect is, and not only with \(effect)")
      }
      if toleration["tolerationSeconds"] != nil { note(at, "it does so for ever here") }
    }
  }

  private static let levels: [String: TopologyLevel] = [
    "kubernetes.io/hostname": .node, "topology.kubernetes.io/zone": .zone,
  ]

  private mutating func readAffinity(_ affinity: KubeTree, at path: String) {
    var affinity = affinity
    var ofNode = affinity.take("nodeAffinity") ?? [:]
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    var terms = (ofNode.take(required) ?? [:])["nodeSelectorTerms"]?.items ?? []
    if terms.count == 1, let pairs = Self.pairs(terms[0]) {
      for (key, value) in pairs { workload.placement.nodeSelector[key] = value }
      terms = []
    }
    if !terms.isEmpty {
      note(
        "\(path).nodeAffinity.\(required)",
        "is not carried: a node is chosen by equal labels alone")
    }
    leave(ofNode, at: "\(path).nodeAffinity")
    var apart = affinity.take("podAntiAffinity") ?? [:]
    for (index, term) in apart.takeItems(required).enumerated() {
      if let level = level(of: term, besides: ["labelSelector", "topologyKey"]) {
        let selector = term["labelSelector"]?["matchLabels"]?.pairs ?? []
        let rule = NeighbourRule(workloads: Labels(selector), within: level)
        if !workload.placement.antiAffinity.contains(rule) {
          workload.placement.antiAffinity.append(rule)
        }
      } else {
        note("\(path).podAntiAffinity.\(required)[\(index)]", "is not carried")
      }
    }
    leave(apart, at: "\(path).podAntiAffinity")
    leave(affinity, at: path)
  }

  /// What one term asks of a node, where that is nothing but labels with one value each.
  private static func pairs(_ term: KubeTree) -> [(String, String)]? {
    var rest = term
    var pairs: [(String, String)] = []
    for expression in rest.takeItems("matchExpressions") {
      let values = (expression["values"]?.items ?? []).compactMap(\.text)
      guard expression["operator"] == "In", let key = expression["key"]?.text, values.count == 1,
        NameRule.labelKey.accepts(key), NameRule.labelValue.accepts(values[0])
      else { return nil }
      pairs.append((key, values[0]))
    }
    return rest.isEmpty ? pairs : nil
  }

  private mutating func readSpread(_ constraints: [KubeTree], at path: String) {
    for (index, constraint) in constraints.enumerated() {
      let known = ["labelSelector", "maxSkew", "topologyKey", "whenUnsatisfiable"]
      guard workload.placement.spread == nil, constraint["whenUnsatisfiable"] == "DoNotSchedule",
        let level = level(of: constraint, besides: known)
      else {
        note("\(path)[\(index)]", "is not carried")
        continue
      }
      workload.placement.spread = level
      let skew = constraint["maxSkew"]?.integer ?? 1
      workload.placement.maxSkew = Int(min(max(skew, 1), 1000))
    }
  }

  /// The level of a rule about its own pods and no others; nil where it says more than that.
  private func level(of rule: KubeTree, besides known: [String]) -> TopologyLevel? {
    let selector = rule["labelSelector"] ?? [:]
    let labels = selector["matchLabels"]?.pairs ?? []
    let isItsOwn =
      !labels.isEmpty && selector.entries.allSatisfy { $0.name == "matchLabels" }
      && labels.allSatisfy { workload.metadata.labels[$0.0] == $0.1 }
    guard isItsOwn, rule.entries.allSatisfy({ known.contains($0.name) }) else { return nil }
    return rule["topologyKey"]?.text.flatMap { Self.levels[$0] }
  }
}
