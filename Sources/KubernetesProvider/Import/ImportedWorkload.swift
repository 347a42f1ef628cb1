import Model

/// The nodes that imported workloads would run on.
struct ImportedFleet {
  /// nil where they are not known.
  let nodes: [KubeNode]?
  let settings: KubernetesSettings

  /// The models of the accelerators of those nodes that `placement` lets a replica on, and that have so
  /// many; none where nothing tells.
  func models(_ placement: PlacementRules, count: Int64) -> [AcceleratorModel] {
    let domain = settings.acceleratorResource.split(separator: "/").first ?? ""
    let label = "\(domain)/gpu.product"
    let near = (nodes ?? []).filter { node in
      node.allocatable.extended[settings.acceleratorResource] ?? 0 >= count
        && placement.nodeSelector.pairs.allSatisfy { node.meta.labels[$0.key] == $0.value }
        && node.ownTaints.allSatisfy { taint in
          placement.tolerations.contains { $0.tolerates(taint) }
        }
    }
    let products = near.map { $0.meta.labels[label] } + [placement.nodeSelector[label]]
    guard near.allSatisfy({ $0.meta.labels[label] != nil }) else { return [] }
    return Set(products.compactMap { $0 }.map(settings.model)).sorted()
  }
}

/// One object on its way to become a workload. What it says that a workload can't say is noted with its
/// path, whatever it is: what is understood is taken out, and the rest is told.
struct ImportedWorkload {
  var workload: WorkloadSpec
  private(set) var notes: [Import.Note] = []
  private let object: KubeForeign
  let kind: ImportedKind
  let fleet: ImportedFleet

  init(_ object: KubeForeign, _ kind: ImportedKind, _ fleet: ImportedFleet) {
    self.object = object
    self.kind = kind
    self.fleet = fleet
    workload = WorkloadSpec(
      metadata: Metadata(name: object.meta.name), type: kind.type, replicas: .range(CountRange(1)),
      resources: ReplicaResources())
    var spec = object.spec
    readMetadata()
    // Found by the labels of its template, which are its own.
    _ = spec.take("selector")
    var template = spec.take("template") ?? [:]
    readTemplate(metadata: template.take("metadata") ?? [:])
    var pod = template.take("spec") ?? [:]
    readPod(&pod, at: "spec.template.spec")
    switch kind {
    case .deployment: readDeployment(&spec)
    case .statefulSet: readStatefulSet(&spec)
    case .job: readJob(&spec)
    }
  }

  // MARK: Notes

  mutating func note(_ path: String, _ text: String) {
    notes.append(Import.Note(path: path, text: text))
  }

  /// Notes all that is left of `rest`, but for what the API server writes there where nobody says
  /// anything.
  mutating func leave(
    _ rest: KubeTree, at path: String, defaults: [String: KubeTree] = [:]
  ) {
    for (name, value) in rest.entries where !value.isEmpty && defaults[name] != value {
      guard case .list(let items) = value else {
        note("\(path).\(name)", "is not carried")
        continue
      }
      for (index, item) in items.enumerated() {
        let title = item["name"]?.text.map { " '\($0)'" } ?? ""
        note("\(path).\(name)[\(index)]\(title)", "is not carried")
      }
    }
  }

  // MARK: Metadata

  /// A name that nobody has yet, as near as possible to its own.
  mutating func name(besides taken: Set<String>) {
    let own = object.meta.name
    let base = Self.fitted(own.replacing(".", with: "-"), to: 63)
    let kinds = [base, Self.fitted(base, to: 51) + "-\(kind.rawValue.lowercased())"]
    let numbered = (2...(taken.count + 2)).lazy.map { "\(Self.fitted(base, to: 55))-\($0)" }
    let name = kinds.first { !taken.contains($0) } ?? numbered.first { !taken.contains($0) }
    workload.metadata.name = name ?? base
    if workload.metadata.name != own {
      note("metadata.name", "'\(own)' is '\(workload.metadata.name)' here")
    }
  }

  private static func fitted(_ name: String, to length: Int) -> String {
    var name = name.prefix(length)
    while name.last == "-" { name.removeLast() }
    return NameRule.object.accepts(String(name)) ? String(name) : "workload"
  }

  private mutating func readMetadata() {
    readLabels(object.meta.labels.sorted { $0.key < $1.key }, at: "metadata.labels")
    let theirs = ["kubectl.kubernetes.io/", "deployment.kubernetes.io/", "batch.kubernetes.io/"]
    for (key, _) in object.annotations where !theirs.contains(where: key.hasPrefix) {
      note("metadata.annotations", "'\(key)' is not carried")
    }
  }

  /// Those of the pods as well: by them workloads stand beside one another, or apart.
  private mutating func readTemplate(metadata: KubeTree) {
    var metadata = metadata
    let path = "spec.template.metadata"
    readLabels(metadata.takePairs("labels"), at: "\(path).labels")
    for (key, _) in metadata.takePairs("annotations")
    where key != "kubectl.kubernetes.io/restartedAt" {
      note("\(path).annotations", "'\(key)' is not carried")
    }
    _ = metadata.take("creationTimestamp")
    _ = metadata.take("name")
    leave(metadata, at: path)
  }

  private mutating func readLabels(_ labels: [(String, String)], at path: String) {
    // Written by whoever made it, and not of what it is.
    let theirs = [
      "app.kubernetes.io/managed-by", "batch.kubernetes.io/", "controller-uid", "job-name",
      "pod-template-hash",
    ]
    for (key, value) in labels where !theirs.contains(where: key.hasPrefix) {
      guard NameRule.labelKey.accepts(key), NameRule.labelValue.accepts(value),
        workload.metadata.labels[key] ?? value == value
      else {
        note(path, "'\(key)' is not carried")
        continue
      }
      workload.metadata.labels[key] = value
    }
  }

  // MARK: Kinds

  private static let countMax: Int64 = 100_000

  private func count(_ name: String, in spec: inout KubeTree) -> Int64? {
    spec.takeInteger(name).map { min(max($0, 0), Self.countMax) }
  }

  private mutating func readDeployment(_ spec: inout KubeTree) {
    let count = count("replicas", in: &spec) ?? 1
    workload.replicas = .range(CountRange(Int(count)))
    var strategy = spec.take("strategy") ?? [:]
    if strategy.takeText("type") == "Recreate" {
      workload.rollout = Rollout(maxSurge: .count(0), maxUnavailable: .percent(100))
    } else {
      var rolling = strategy.take("rollingUpdate") ?? [:]
      workload.rollout = Rollout(
        maxSurge: share(rolling.take("maxSurge")),
        maxUnavailable: share(rolling.take("maxUnavailable")))
    }
    leave(strategy, at: "spec.strategy")
    leave(
      spec, at: "spec",
      defaults: [
        "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10, "minReadySeconds": 0,
        "paused": false,
      ])
  }

  private mutating func readStatefulSet(_ spec: inout KubeTree) {
    let count = count("replicas", in: &spec) ?? 1
    workload.replicas = .range(CountRange(Int(count)))
    // Never two of one ordinal, one after the other.
    workload.rollout = Rollout(maxSurge: .count(0), maxUnavailable: .count(1))
    if let service = spec.takeText("serviceName") {
      note(
        "spec.serviceName", "replicas have no names of their own in '\(service)', only a Service")
    }
    leave(
      spec, at: "spec",
      defaults: [
        "podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10, "minReadySeconds": 0,
        "updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]],
        "persistentVolumeClaimRetentionPolicy": [
          "whenDeleted": "Retain", "whenScaled": "Retain",
        ],
      ])
  }

  /// A gang is as many pods as the Job runs at once.
  private mutating func readJob(_ spec: inout KubeTree) {
    let completions = count("completions", in: &spec)
    let parallelism = count("parallelism", in: &spec) ?? 1
    let count = max(1, completions.map { min($0, parallelism) } ?? parallelism)
    workload.replicas = .range(CountRange(Int(count)))
    if let completions, completions > count {
      note(
        "spec.completions",
        "of \(completions) runs, \(count) start together here, and there are no others after them")
    }
    if spec.takeText("completionMode") == "Indexed" {
      note("spec.completionMode", "a replica's index is in RANK, not in JOB_COMPLETION_INDEX")
    }
    _ = spec.take("manualSelector")
    leave(
      spec, at: "spec",
      defaults: [
        "backoffLimit": 6, "suspend": false, "podReplacementPolicy": "TerminatingOrFailed",
      ])
  }

  /// As Kubernetes has it where it says nothing: a quarter.
  private func share(_ value: KubeTree?) -> Share {
    if let count = value?.integer { return .count(Int(min(max(count, 0), Self.countMax))) }
    let text = value?.text ?? "25%"
    guard text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return .percent(25) }
    return .percent(min(max(percent, 0), 100))
  }
}
