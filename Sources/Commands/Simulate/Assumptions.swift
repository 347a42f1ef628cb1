import Catalog
import Diagnostics
import Manifests
import Model
import Planning
import YAML

/// What a simulation assumes besides how things are.
struct Assumptions {
  var settings: [FieldSetting] = []
  var losses: [TimedLoss] = []
  var prices: [Repricing] = []
  /// Paths of manifests besides.
  var added: [String] = []
  var ignoresGates = false

  var isEmpty: Bool {
    settings.isEmpty && losses.isEmpty && prices.isEmpty && added.isEmpty && !ignoresGates
  }

  /// As people said them.
  var told: [String] {
    losses.map { "lose \($0)" } + settings.map { "set \($0)" } + prices.map { "price \($0)" }
      + added.map { "add \($0)" } + (ignoresGates ? ["ignore gates"] : [])
  }

  /// What is wanted under these assumptions, beside what `paths` say or, without any, what was applied.
  func request(
    over base: ManifestRequest, _ paths: [String], beside stored: Wishes
  ) throws(Trouble) -> ManifestRequest {
    var request = base
    if !added.isEmpty {
      request =
        paths.isEmpty
        ? try ManifestRequest(adding: added, to: stored)
        : try ManifestRequest(paths + added, beside: stored)
    }
    guard !settings.isEmpty else { return request }
    var wishes = request.wishes
    for setting in settings { wishes.desired = try apply(setting, to: wishes.desired) }
    try wishes.check(as: "what --set makes of the manifests")
    return ManifestRequest(wishing: wishes, insteadOf: request.before)
  }

  private func apply(
    _ setting: FieldSetting, to desired: DesiredState
  ) throws(Trouble) -> DesiredState {
    let known = desired.objects
    guard let (object, path) = setting.target(among: known) else {
      throw .problem(SimulateWording.unknownObject(setting, among: known))
    }
    var specs = desired.specs
    guard let index = specs.firstIndex(where: { $0.id == object }) else {
      preconditionFailure("what is among the objects has a spec")
    }
    let (source, read) = setting.applied(to: specs[index], at: path)
    guard let changed = read.value, !read.hasErrors, changed.id == object else {
      throw .input(
        read.hasErrors ? read.diagnostics : [SimulateWording.renames(setting)], Sources([source]))
    }
    specs[index] = changed
    return DesiredState(specs)
  }

  /// What can be bought, for other prices.
  func catalogs(of wishes: Wishes) throws(Trouble) -> [ClusterName: Catalog] {
    var catalogs = wishes.catalogs
    for repricing in prices {
      var isFound = false
      for (cluster, catalog) in catalogs {
        guard let changed = catalog.repriced(by: repricing) else { continue }
        catalogs[cluster] = changed
        isFound = true
      }
      guard isFound else { throw .problem(SimulateWording.noPrice(repricing)) }
    }
    return catalogs
  }
}

extension Target {
  /// The same with what its nodes would cost.
  func repriced(by prices: [Repricing]) -> Target {
    guard !prices.isEmpty else { return self }
    return changed { target in
      for index in target.nodes.indices {
        let node = target.nodes[index]
        for repricing in prices where repricing.speaks(of: node.instanceType, node.capacityType) {
          target.nodes[index].pricePerHour = repricing.applied(
            to: target.nodes[index].pricePerHour)
        }
      }
    }
  }
}

extension DesiredState {
  /// Every object, kinds in their order, names sorted within.
  fileprivate var specs: [AnySpec] {
    clusters.map(AnySpec.cluster) + nodePools.map(AnySpec.nodePool) + queues.map(AnySpec.queue)
      + workloads.map(AnySpec.workload) + gates.map(AnySpec.gate)
  }
}

extension ManifestRequest {
  /// What was applied with the manifests of `paths` besides: what they declare takes the place of
  /// objects of the same name, and nothing else leaves its set.
  init(adding paths: [String], to stored: Wishes) throws(Trouble) {
    var files = SourceFiles(paths)
    let read = ManifestReader.read(files.sources)
    files.add(priceFiles: Catalogs.missingPaths(read.value, in: files.sources))
    let declared = Set(read.value.manifests.map(\.spec.id))
    let rest = DesiredState(stored.desired.specs.filter { !declared.contains($0.id) })
    var sources = files.sources
    if !rest.isEmpty {
      _ = sources.add(SourceText(path: "what was applied", text: CanonicalText.manifests(rest)))
    }
    try self.init(sources, gatheredWith: files.diagnostics, beside: stored)
  }
}

/// A load file on the command line.
enum LoadFile {
  static func read(_ path: String, for desired: DesiredState) throws(Trouble) -> LoadCurve {
    let (curve, source) = try DocumentFile.read(path, .standard, as: LoadReader.read)
    let known = desired.workloads.map(\.name)
    let unknown = curve.workloads.map(\.workload).filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw .input(
        unknown.map { SimulateWording.unknownWorkload($0, known, path) }, Sources([source]))
    }
    let uneven = curve.workloads.compactMap { load in
      desired.workloads.first { $0.name == load.workload }.flatMap { unmatched(load, $0) }
    }
    guard uneven.isEmpty else {
      throw .input(uneven.map { SimulateWording.unmatchedMetrics($0, path) }, Sources([source]))
    }
    return curve
  }

  /// The first of its points that does not tell as many values as its autoscaler has metrics.
  private static func unmatched(
    _ load: WorkloadLoad, _ workload: WorkloadSpec
  ) -> UnmatchedMetrics? {
    let expected = workload.autoscale?.metrics.count ?? 0
    for point in load.points {
      guard case .measured(let values) = point.load else { continue }
      if expected == 0 || !values.isEmpty && values.count != expected {
        return UnmatchedMetrics(
          workload: workload.name, at: point.at, given: values.count, expected: expected)
      }
    }
    return nil
  }
}

/// A point of a load that tells another number of values than there are metrics.
struct UnmatchedMetrics {
  let workload: WorkloadName
  let at: Seconds
  let given: Int
  let expected: Int
}
