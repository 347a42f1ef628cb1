import HTTP
public import Model
public import Planning

/// What others run on a Kubernetes, in the words of manifests: Deployments and StatefulSets as services,
/// Jobs as trainings. It only reads, and what it was read from stays as it is.
public struct Import: Sendable {
  public var workloads: [Imported] = []
  public var skipped: [Skipped] = []
  /// Where all of it runs, without the words for how it is reached.
  public var region = ""
  public var zones: [String] = []

  /// One object, as far as a workload can say what it says.
  public struct Imported: Sendable {
    /// `Deployment ml/web`.
    public var origin: String
    public var workload: WorkloadSpec
    public var notes: [Note]
  }

  /// What is not carried, or is carried as something else.
  public struct Note: Hashable, Sendable {
    /// Where it stands in the object, as `spec.replicas`.
    public var path: String
    public var text: String
  }

  /// An object that no manifest was made of.
  public struct Skipped: Hashable, Sendable {
    public var origin: String
    public var reason: String
  }

  /// Reads those objects of a namespace whose `Kind/name` stands among `names`, or all where there are
  /// none; throws where the server does not let us, or a name is not there.
  public init(
    from settings: KubernetesSettings, namespace: String, names: [String],
    _ surroundings: Surroundings
  ) async throws(Failure) {
    let way = Way(settings, surroundings)
    var objects: [(kind: ImportedKind, object: KubeForeign)] = []
    for kind in ImportedKind.allCases {
      let path = "\(kind.group)/namespaces/\(Request.encoded(namespace))/\(kind.plural)"
      let list: Listing<KubeForeign> = try await way.list(path)
      guard list.unreadableCount == 0 else {
        throw .terminal("\(path): \(list.unreadableCount) of them can't be read")
      }
      objects += list.objects.sorted { $0.meta.name < $1.meta.name }.map { (kind, $0) }
    }
    let found = Set(objects.map { "\($0.kind.rawValue)/\($0.object.meta.name)" })
    if let missing = names.first(where: { !found.contains($0) }) {
      throw .terminal("there is no \(missing) in namespace '\(namespace)'")
    }
    let wanted = objects.filter {
      names.isEmpty || names.contains("\($0.kind.rawValue)/\($0.object.meta.name)")
    }
    self.init(wanted, nodes: try await Self.nodes(way), settings)
  }

  /// nil where they are not for us to see.
  private static func nodes(_ way: Way) async throws(Failure) -> [KubeNode]? {
    let answer = try await way.ask(.get, KubeNode.path, query: [.init("limit", "1")])
    if answer.status == 403 { return nil }
    let list: Listing<KubeNode> = try await way.list(KubeNode.path)
    return list.objects
  }

  /// Pure: what these objects come to on these nodes.
  init(
    _ objects: [(kind: ImportedKind, object: KubeForeign)], nodes: [KubeNode]?,
    _ settings: KubernetesSettings
  ) {
    let fleet = ImportedFleet(nodes: nodes, settings: settings)
    region = nodes?.compactMap { $0.meta.labels["topology.kubernetes.io/region"] }.min() ?? "local"
    zones = Set(nodes?.compactMap(\.zone) ?? []).sorted()
    if zones.isEmpty { zones = [region] }
    var taken: Set<String> = []
    for (kind, object) in objects {
      let origin = "\(kind.rawValue) \(object.meta.namespace)/\(object.meta.name)"
      if let reason = kind.refusal(of: object) {
        skipped.append(Skipped(origin: origin, reason: reason))
        continue
      }
      var maker = ImportedWorkload(object, kind, fleet)
      maker.name(besides: taken)
      taken.insert(maker.workload.metadata.name)
      workloads.append(
        Imported(
          origin: origin, workload: maker.workload,
          notes: maker.notes.sorted { ($0.path, $0.text) < ($1.path, $1.text) }))
    }
  }
}

/// Kinds of objects that a workload can stand for.
enum ImportedKind: String, CaseIterable, Sendable {
  case deployment = "Deployment"
  case statefulSet = "StatefulSet"
  case job = "Job"

  var plural: String { "\(rawValue.lowercased())s" }

  var group: String {
    switch self {
    case .deployment, .statefulSet: "/apis/apps/v1"
    case .job: "/apis/batch/v1"
    }
  }

  var type: WorkloadType {
    switch self {
    case .deployment, .statefulSet: .inference
    case .job: .training
    }
  }

  /// Why no manifest is made of an object.
  func refusal(of object: KubeForeign) -> String? {
    if object.meta.isDeleting { return "it is being deleted" }
    if let controller = object.controller {
      return "it belongs to \(controller), which would go on making it"
    }
    let ends = ["Complete", "SuccessCriteriaMet", "Failed", "FailureTarget"]
    if self == .job, object.conditions.contains(where: ends.contains) { return "it has ended" }
    return nil
  }
}
