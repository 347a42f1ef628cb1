import Advising
import Catalog
import Diagnostics
import Execution
import Interfaces
import Manifests
import Model
import Planning
import SQLiteStore
import YAML

/// What advice is made on.
struct AdviceScene: Sendable {
  var request: ManifestRequest
  var start: Beginning
  /// What was decided within the time that is looked back, and shortly before.
  var decided: [AdoptedTarget] = []

  /// What the workload may come to stand on.
  func capacities(for workload: WorkloadSpec) -> [NodeCapacity] {
    let catalogs = request.wishes.catalogs
    return request.desired.clusters.filter { workload.mayRun(in: $0.name) }.flatMap { cluster in
      (catalogs[cluster.name]?.instanceTypes(in: cluster.region) ?? []).map(\.capacity)
        + (start.seen[cluster.name]?.nodes ?? []).map(\.capacity)
    }
  }
}

/// What was used, from wherever it is known.
struct GatheredUsage: Sendable {
  private let scene: AdviceScene
  private(set) var usage = Usage()
  /// Workloads in the given manifests that nothing is known of, and why; sorted.
  private(set) var unknown: [(workload: WorkloadName, why: String)] = []

  init(_ scene: AdviceScene) { self.scene = scene }

  private var desired: DesiredState { scene.request.desired }

  // MARK: From a file

  /// Throws all that is wrong with it.
  mutating func read(_ path: String) throws(Trouble) {
    let (file, source) = try DocumentFile.read(path, .standard, as: UsageReader.read)
    let problems = problems(with: file)
    guard problems.isEmpty else { throw .input(problems, Sources([source])) }
    usage = file.usage
  }

  private func problems(with file: UsageFile) -> [Diagnostic] {
    let workloads = Dictionary(desired.workloads.map { ($0.name, $0) }) { first, _ in first }
    let queues = Set(desired.queues.map(\.name))
    let ofWorkloads = file.usage.workloads.enumerated().compactMap { index, usage -> Diagnostic? in
      let name = file.origin.span("workloads", "\(index)", "workload")
      guard let workload = workloads[usage.workload] else {
        return AdviseWording.unknown(
          .workload, usage.workload.text, among: workloads.keys.map(\.text).sorted(), name)
      }
      return Plausibility(scene.capacities(for: workload)).problem(with: usage, of: workload)
        .map { field, words in
          AdviseWording.implausible(
            words, file.origin.span("workloads", "\(index)", field))
        }
    }
    let ofQueues = file.usage.queues.enumerated().compactMap { index, usage -> Diagnostic? in
      guard !queues.contains(usage.queue) else { return nil }
      return AdviseWording.unknown(
        .queue, usage.queue.text, among: queues.map(\.text).sorted(),
        file.origin.span("queues", "\(index)", "queue"))
    }
    return ofWorkloads + ofQueues
  }

  // MARK: From metrics

  /// Asks for what the file says nothing of.
  mutating func ask(_ metrics: any MetricsSource, since: Seconds) async {
    let known = Set(usage.workloads.map(\.workload))
    let given = scene.request.given.workloads
    let asked = given.filter { !known.contains($0.name) }
    let recorded = RecordedUse(metrics: metrics, since: since, queries: usage.queries)
    for (name, answer) in await recorded.usage(of: asked, in: desired) {
      guard let workload = given.first(where: { $0.name == name }) else { continue }
      switch answer {
      case .unknown(let why): unknown.append((name, why))
      case .measured(let found):
        let plausibility = Plausibility(scene.capacities(for: workload))
        if let problem = plausibility.problem(with: found, of: workload) {
          unknown.append((name, "what was measured can't be: \(problem.words)"))
        } else {
          usage.workloads.append(found)
        }
      }
    }
    for found in usage.workloads {
      guard let workload = given.first(where: { $0.name == found.workload }) else { continue }
      let enough = WorkloadUsage.enough(for: workload)
      guard found.measuredFor < enough else { continue }
      unknown.append(
        (found.workload, "measured for \(found.measuredFor), and \(enough) are needed"))
    }
    unknown.sort { $0.workload < $1.workload }
  }

  // MARK: From what was decided

  /// Counts what queues held, for those that the file says nothing of.
  mutating func count(since: Seconds) {
    guard let first = scene.decided.first else { return }
    let start = max(first.at, Timestamp(seconds: scene.start.now.seconds - since.count))
    var use = QueueUse(desired)
    for decided in scene.decided { use.add(decided.target) }
    let known = Set(usage.queues.map(\.queue))
    usage.queues += use.usage(over: max(.zero, scene.start.now - start))
      .filter { !known.contains($0.queue) }
  }
}
