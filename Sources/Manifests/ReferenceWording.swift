import Catalog
import Diagnostics
import Model

/// Every sentence about what is wrong between manifests, in one place so that they can be reviewed as
/// text.
extension Diagnostic {
  static let emptySet = Diagnostic(
    .emptySet, "the manifests declare no object", at: .invocation,
    help: "an empty set never means that everything should go; 'setpoint delete' deletes")

  static func duplicateObject(_ again: Manifest, first: Manifest) -> Diagnostic {
    Diagnostic(
      .duplicateObject, "\(again.spec.id) is declared a second time",
      at: .span(again.origin.nameSpan),
      notes: [Note(span: first.origin.nameSpan, text: "first declared here")],
      help: "give one of the two another name")
  }

  static func otherSet(_ manifest: Manifest, owner: SetName) -> Diagnostic {
    Diagnostic(
      .otherSet, "\(manifest.spec.id) belongs to the set '\(owner)' already",
      at: .span(manifest.origin.nameSpan),
      help: "write 'set: \(owner)' in its metadata, or take it out of that set first")
  }

  // MARK: Names

  static func unknownCluster(_ name: ClusterName, _ span: Span, known: [String]) -> Diagnostic {
    unknown(.unknownCluster, "cluster", name.text, span, known)
  }

  static func unknownQueue(_ name: QueueName, _ span: Span, known: [String]) -> Diagnostic {
    unknown(.unknownQueue, "queue", name.text, span, known)
  }

  static func unknownPool(_ name: PoolName, _ span: Span, known: [String]) -> Diagnostic {
    unknown(.unknownPool, "node pool", name.text, span, known)
  }

  static func unknownRegion(_ name: String, _ span: Span, known: [String]) -> Diagnostic {
    unknown(.unknownRegion, "region", name, span, known)
  }

  static func unknownZone(
    _ zone: String, of owner: String, _ span: Span, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      .unknownZone, "\(owner) has no zone '\(zone)'", at: .span(span),
      help: wayOut(zone, known, "zones"))
  }

  static func unknownInstanceType(
    _ type: String, region: String, _ span: Span, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      .unknownInstanceType, "the catalogue has no instance type '\(type)' in '\(region)'",
      at: .span(span),
      help: NearestName.suggest(type, among: known).map { "did you mean '\($0)'?" }
        ?? "add it in a price file, which the cluster names as 'catalog'")
  }

  // MARK: Price files

  static func missingPriceFile(_ path: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .missingPriceFile, "there is no price file '\(path)'", at: .span(span),
      help: "the path starts at the manifest's own directory")
  }

  static func distantPriceFile(_ path: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .distantPriceFile, "the price file '\(path)' lies outside of the manifest's directory",
      at: .span(span),
      help: "name it on the command line as well, or put it beside the manifest or below")
  }

  static func wrongPrice(_ problem: PriceFile.Problem, in file: PriceManifest) -> Diagnostic {
    let known = Catalog.builtIn.extended(by: file.prices)
    func entry(_ list: String, _ index: Int, _ field: String) -> Span {
      file.origin.span(list, "\(index)", field)
    }
    switch problem {
    case .repeatedRegion(let index):
      return repeated("region", entry("regions", index, "name"))
    case .repeatedInstanceType(let index):
      return repeated("instance type", entry("instanceTypes", index, "name"))
    case .repeatedPrice(let index):
      return repeated("price", entry("prices", index, "instanceType"))
    case .unknownRegion(let index):
      return unknownRegion(
        file.prices.prices[index].region, entry("prices", index, "region"),
        known: known.regions.map(\.name))
    case .unknownInstanceType(let index):
      return unknown(
        .unknownInstanceType, "instance type", file.prices.prices[index].instanceType,
        entry("prices", index, "instanceType"), known.instanceTypes.map(\.name))
    }
  }

  private static func repeated(_ noun: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .repeatedPrice, "the same \(noun) a second time", at: .span(span),
      help: "keep one of the two")
  }

  private static func unknown(
    _ code: Code, _ noun: String, _ name: String, _ span: Span, _ known: [String]
  ) -> Diagnostic {
    Diagnostic(
      code, "there is no \(noun) '\(name)'", at: .span(span), help: wayOut(name, known, noun + "s"))
  }

  private static func wayOut(_ name: String, _ known: [String], _ nouns: String) -> String? {
    if let nearest = NearestName.suggest(name, among: known) { return "did you mean '\(nearest)'?" }
    guard !known.isEmpty else { return "no \(nouns) are declared" }
    let sorted = known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let shown = sorted.prefix(namesMax).map { "'\($0)'" }.joined(separator: ", ")
    return
      "\(nouns) are \(shown)\(known.count > namesMax ? " and \(known.count - namesMax) more" : "")"
  }

  private static let namesMax = 8

  static func stillUsed(_ object: ObjectID, by user: ObjectID, of set: SetName) -> Diagnostic {
    Diagnostic(
      .stillUsed, "\(object) would be deleted, and \(user) of the set '\(set)' refers to it",
      at: .invocation, help: "declare it again, or change \(user) first")
  }

  // MARK: Queues

  static func queueCycle(_ cycle: [QueueName], _ span: Span) -> Diagnostic {
    let path = (cycle + cycle.prefix(1)).map { "'\($0)'" }.joined(separator: " in ")
    return Diagnostic(
      .queueCycle, "queues within each other: \(path)", at: .span(span),
      help: "leave 'parent' out of the one that should stand at the top")
  }

  static func quotaOverLimit(_ excess: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .quotaOverLimit, excess, at: .span(span), help: "what is guaranteed must be allowed")
  }

  static func quotaOverParent(
    _ queue: QueueName, sum: Int, quota: Int, _ span: Span, _ notes: [Note]
  ) -> Diagnostic {
    Diagnostic(
      .quotaOverParent,
      "the queues below '\(queue)' are guaranteed \(sum) accelerators, and it has \(quota)",
      at: .span(span), notes: notes, help: "not all of them can be given at once",
      severity: .warning)
  }

  // MARK: Workloads

  static func noDemandModel(_ span: Span, clusters: [String]) -> Diagnostic {
    let names = clusters.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      .noDemandModel, "a demand, and no 'demandModel' in \(names)", at: .span(span),
      help: "give the cluster a 'demandModel', or the workload 'replicas'")
  }

  static func noUnitsPerReplica(_ span: Span, clusters: [String]) -> Diagnostic {
    let names = clusters.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      .noUnitsPerReplica, "a demand, and no pool of \(names) has 'unitsPerReplica'",
      at: .span(span), help: "say in a pool how many units one replica stands for")
  }

  static func overLimit(_ message: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .overLimit, message, at: .span(span), help: "raise the limit, or ask for less")
  }

  static func partOfACore(_ cpuMilli: Int64, cluster: ClusterName, _ span: Span) -> Diagnostic {
    Diagnostic(
      .partOfACore,
      cpuMilli == 0
        ? "cluster '\(cluster)' gives each replica a core at least, and none is asked for"
        : "cluster '\(cluster)' gives out whole cores, and \(Quantity.cores.text(cpuMilli)) is none",
      at: .span(span),
      help: "write 'cpu: \(cpuMilli / 1000 + 1)', or name other clusters under 'clusters'")
  }

  static func noClaims(in cluster: ClusterName, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessVolume, "cluster '\(cluster)' has no claims of volumes", at: .span(span),
      help: "name clusters of Kubernetes under 'clusters', or mount what the nodes have themselves")
  }

  static func sharedMount(_ path: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessVolume, "two volumes are mounted at '\(path)'", at: .span(span),
      help: "give each a 'path' of its own")
  }

  static func stuckRollout(_ span: Span) -> Diagnostic {
    Diagnostic(
      .stuckRollout, "a rollout that may neither add nor remove a replica", at: .span(span),
      help: "set 'maxSurge' or 'maxUnavailable' to 1 or more")
  }

  static func unmatchedAffinity(_ rule: NeighbourRule, _ span: Span) -> Diagnostic {
    let labels = rule.workloads.pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return Diagnostic(
      .unmatchedAffinity, "an affinity to workloads with '{\(labels)}', and there are none",
      at: .span(span),
      help: "correct it, or give the workloads that are meant these labels in their metadata")
  }

  static func contradictoryPlacement(
    _ rule: NeighbourRule, _ field: String, _ span: Span
  ) -> Diagnostic {
    Diagnostic(
      .contradictoryPlacement,
      "its own replicas are kept out of one \(rule.within.rawValue), where '\(field)' puts them",
      at: .span(span),
      help: "leave one of the two out, or name labels that the workload does not have")
  }

  static func uselessAutoscale(_ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessAutoscale, "an autoscaler without anything to move", at: .span(span),
      help: "write a range as 'replicas' of an inference, such as '2..16', or leave 'autoscale' out"
    )
  }

  static func unmeasured(_ workload: WorkloadName, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessAutoscale, "no cluster that '\(workload)' may use has a 'prometheus'",
      at: .span(span), help: "add 'prometheus: {url: …}' to one of its clusters")
  }

  static func targetOfZero(_ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessAutoscale, "a target of nothing", at: .span(span),
      help: "write what is right for one replica, such as '50'")
  }

  static func uselessSchedule(_ duration: Seconds, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessAutoscale,
      duration == .zero
        ? "a schedule that holds for no time" : "a schedule that holds for \(duration) at once",
      at: .span(span),
      help: "write a length such as '10h', at most \(ScaleSchedule.durationMax)")
  }

  static func unreachableSchedule(
    _ replicas: Int, _ range: CountRange, _ span: Span
  ) -> Diagnostic {
    Diagnostic(
      .uselessAutoscale, "a schedule asks for \(replicas) replicas of '\(range)'", at: .span(span),
      help: "write at most \(range.max), or raise the range of 'replicas'")
  }

  static func uselessEndpoint(_ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessEndpoint, "an endpoint of a training, which takes no requests", at: .span(span),
      help: "leave 'endpoint' out, or write 'type: inference'")
  }

  static func tooFewPorts(_ ports: CountRange, _ replicas: Int, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessEndpoint, "\(ports) are too few ports for up to \(replicas) replicas",
      at: .span(span),
      help: "one more replica can run while replicas are exchanged: write a range of \(replicas)"
        + " ports, or one port where no two replicas share a node")
  }

  static func longDrain(_ drain: Seconds, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessEndpoint, "a replica would hold its stop up for \(drain)", at: .span(span),
      help: "write at most \(Endpoint.drainMax)")
  }

  static func unmeasuredEndpoint(_ workload: WorkloadName, _ span: Span) -> Diagnostic {
    Diagnostic(
      .uselessEndpoint,
      "no cluster that '\(workload)' may use has both a 'prometheus' and an 'haproxy'",
      at: .span(span), help: "add what is missing to one of its clusters, or leave 'load' out")
  }

  static func sharedFile(
    _ file: String, other: ClusterName, _ span: Span
  ) -> Diagnostic {
    Diagnostic(
      .sharedFile, "cluster '\(other)' writes '\(file)' already", at: .span(span),
      help: "give each cluster a file of its own: HAProxy reads several")
  }

  static func unknownTimeZone(
    _ name: String, _ span: Span?, known: [String]
  ) -> Diagnostic {
    let near = NearestName.suggest(name, among: known)
    return Diagnostic(
      .unknownTimeZone, "there is no time zone '\(name)'",
      at: span.map { .span($0) } ?? .invocation,
      help: near.map { "did you mean '\($0)'?" }
        ?? "write a name of the IANA time zone database, such as 'Europe/Berlin' or 'UTC'")
  }

  static func neverReady(_ bootTime: Seconds, _ within: Seconds, _ span: Span) -> Diagnostic {
    Diagnostic(
      .neverReady,
      "nodes of this cluster take \(bootTime) to boot, and are given back after \(within)",
      at: .span(span), help: "write more than \(bootTime) as 'readyWithin', or 'never'")
  }

  static func uselessStep(_ span: Span) -> Diagnostic {
    Diagnostic(
      .unevenStep, "a step without anything to step between", at: .span(span),
      help: "write a range as 'replicas' of a training, such as '8..16', or leave 'step' out")
  }

  static func unevenStep(_ step: Int, _ range: CountRange, _ span: Span) -> Diagnostic {
    let least = max(1, range.min / step) * step
    let most = max(least + step, range.max / step * step)
    return Diagnostic(
      .unevenStep, "'\(range)' does not begin and end at whole steps of \(step)", at: .span(span),
      help: "write '\(CountRange(least, most))', or another step")
  }
}
