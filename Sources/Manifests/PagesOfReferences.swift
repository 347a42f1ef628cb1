import Diagnostics

extension DiagnosticPage {
  static let referencePages: [DiagnosticPage] = [
    DiagnosticPage(
      .duplicateObject, "Two manifests declare an object of the same kind and name.",
      why: "Only one of them could hold, and which one would depend on the order of the files.",
      wayOut: "Give one of them another name, or remove it.",
      example: .manifests(queue("nlp") + "---\n" + queue("nlp"))),
    DiagnosticPage(
      .otherSet, "The object belongs to another set already.",
      why: "Each object has one owner. With two, each would undo what the other does.",
      wayOut: "Name that set in the object's metadata, or take the object out of that set first.",
      example: .over(
        applied: queue("nlp", set: "infra"), manifests: queue("nlp", set: "research"))),
    DiagnosticPage(
      .unknownCluster, "A cluster that is declared nowhere.",
      why: "A workload would wait for ever, and a pool would never get a node.",
      wayOut: "Correct the name, or declare the cluster.",
      example: .workload("clusters: [research-us]")),
    DiagnosticPage(
      .unknownQueue, "A queue that is declared nowhere.",
      why: "Without its queue a workload has no quota to run on.",
      wayOut: "Correct the name, or declare the queue.",
      example: .manifests(queue("research") + "---\n" + workload("queue: reserch"))),
    DiagnosticPage(
      .unknownPool, "A node pool that is declared nowhere.",
      why: "A gate that approves of no pool there is would refuse every node.",
      wayOut: "Correct the name, or declare the node pool.",
      example: .spec("Gate", "deny: [{nodesOutside: [h100]}]")),
    DiagnosticPage(
      .unknownZone, "A zone that its cluster, or its region, does not have.",
      why: "Nothing could ever be bought there.",
      wayOut: "Use a zone that the message lists.",
      example: .spec(
        "Cluster", "provider: simulated\nregion: us-east-1\nzones: [us-east-1a, us-west-2a]")),
    DiagnosticPage(
      .unknownRegion, "A region that the catalogue does not have.",
      why: "Without prices nothing can be bought, and no plan can say what it costs.",
      wayOut: "Correct the name, or describe the region in a price file that the cluster names as"
        + " 'catalog'.",
      example: .spec("Cluster", "provider: simulated\nregion: us-esat-1\nzones: [us-esat-1a]")),
    DiagnosticPage(
      .unknownInstanceType, "An instance type that is not sold in the cluster's region.",
      why: "It could never be bought there.",
      wayOut:
        "Correct the name, or add the type and its price in a price file that the cluster names"
        + " as 'catalog'.",
      example: .manifests(
        cluster("") + "---\n"
          + """
          apiVersion: setpoint/v1
          kind: NodePool
          metadata: {name: h100}
          spec: {cluster: example, instanceTypes: [p5.48xlrage], nodes: 0..4}

          """)),
    DiagnosticPage(
      .missingPriceFile, "A cluster names a price file that is not there.",
      why: "Its prices can't be guessed.",
      wayOut: "Write the path as it is seen from the directory of the cluster's manifest.",
      example: .manifests(cluster("catalog: prices.yaml"))),
    DiagnosticPage(
      .distantPriceFile, "A cluster names a price file outside of its manifest's directory.",
      why: "A manifest must not be able to have any file read that somebody may happen to have.",
      wayOut: "Put the file beside the manifest or below, or name it on the command line as well.",
      example: .manifests(cluster("catalog: ../prices.yaml"))),
    DiagnosticPage(
      .repeatedPrice, "Two entries of a price file are for the same thing.",
      why: "Only one of them could hold.",
      wayOut: "Keep one of the two.",
      example: .manifests(
        cluster("catalog: example.yaml") + "---\n"
          + """
          apiVersion: setpoint/v1
          kind: PriceFile
          prices:
            - {region: us-east-1, instanceType: p5.48xlarge, onDemand: $40/h}
            - {region: us-east-1, instanceType: p5.48xlarge, onDemand: $38/h}

          """)),
    DiagnosticPage(
      .stillUsed, "An object would be deleted that another set refers to.",
      why: "The other set's manifests would no longer mean anything.",
      wayOut: "Declare the object again, or change the other set first.",
      example: .over(
        applied: queue("nlp", set: "default") + "---\n"
          + """
          apiVersion: setpoint/v1
          kind: Workload
          metadata: {name: train, set: research}
          spec: {type: training, replicas: 2, queue: nlp}

          """, manifests: queue("vision"))),
    DiagnosticPage(
      .noDemandModel, "A workload states a demand, and no cluster says what that comes to.",
      why: "A cluster's 'demandModel' turns loads into resource units, and there is none.",
      wayOut: "Give the cluster a 'demandModel', or the workload 'replicas'.",
      example: .manifests(cluster("") + "---\n" + demand)),
    DiagnosticPage(
      .noUnitsPerReplica, "A workload states a demand, and no pool says what a replica stands for.",
      why: "Resource units become replicas by a pool's 'unitsPerReplica', and there is none.",
      wayOut: "Set 'unitsPerReplica' in a pool of that cluster.",
      example: .manifests(
        cluster("demandModel: {base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1}") + "---\n" + demand)),
    DiagnosticPage(
      .overLimit, "More is asked for than a cluster's limits can ever allow.",
      why: "It would wait for ever, whatever else runs.",
      wayOut: "Raise the limit, or ask for less.",
      example: .manifests(
        cluster("limits: {accelerators: 8}") + "---\n"
          + workload("resources: {accelerator: H100:8}"))),
    DiagnosticPage(
      .neverReady, "A pool gives its nodes back before they can be ready.",
      why: "Each of them would be paid for in vain, and then another one.",
      wayOut: "Set the pool's 'limits.readyWithin' to more than nodes take to boot, or to 'never'.",
      example: .manifests(
        cluster("simulated: {bootTime: 20m}") + "---\n"
          + pool("limits: {readyWithin: 15m}"))),
    DiagnosticPage(
      .stuckRollout, "A rollout may neither add a replica nor take one away.",
      why: "No replica could ever be exchanged for a new one.",
      wayOut: "Set 'maxSurge' or 'maxUnavailable' to 1 or more.",
      example: .workload("rollout: {maxSurge: 0, maxUnavailable: 0}")),
    DiagnosticPage(
      .unmatchedAffinity, "An affinity to workloads that are declared nowhere.",
      why: "Its replicas would wait for ever for somebody to stand beside.",
      wayOut: "Correct the labels, or give them to the workloads that are meant.",
      example: .manifests(
        workload("placement: {affinity: [{workloads: {app: cahce}, within: zone}]}"))),
    DiagnosticPage(
      .contradictoryPlacement, "Replicas that must stand together, and must not.",
      why: "All but one of them would wait for ever.",
      wayOut: "Leave one of the two rules out.",
      example: .manifests(
        workload("placement: {pack: rack, antiAffinity: [{within: node}, {within: zone}]}"))),
    DiagnosticPage(
      .partOfACore, "A part of a core, or none, is asked for where whole ones are given out.",
      why:
        "Slurm rounds up, to one at least, so fewer replicas would fit on a node than were planned.",
      wayOut: "Ask for whole cores, or name clusters that give out parts under 'clusters'.",
      example: .manifests(
        cluster("").replacing("simulated", with: "slurm") + "---\n"
          + workload("resources: {cpu: 500m}"))),
    DiagnosticPage(
      .uselessVolume, "A volume where there are no claims, or two in one place.",
      why: "Slurm mounts nothing: its nodes have their file systems, whatever runs there.",
      wayOut: "Name clusters of Kubernetes under 'clusters', or leave 'volumes' out.",
      example: .manifests(
        cluster("").replacing("simulated", with: "slurm") + "---\n"
          + workload("resources: {cpu: 1}\n  volumes: [{claim: datasets, path: /data}]"))),
    DiagnosticPage(
      .uselessAutoscale, "An autoscaler has nothing to move, or nothing to measure by.",
      why: "It moves a service's replicas within their range, by what a cluster's Prometheus says.",
      wayOut: """
        Give an inference a range of 'replicas', each metric a target above 0, each schedule a number \
        that is within the range and a length, and one of its clusters a 'prometheus' where there are \
        metrics.
        """,
      example: .spec(
        "Workload",
        """
        type: inference
        replicas: 4
        resources: {cpu: 1}
        image: registry.example/chat:1
        autoscale: {metrics: [{query: sum(queue_length), target: 10}]}
        """)),
    DiagnosticPage(
      .uselessEndpoint, "An endpoint can't do what it is for.",
      why: """
        A training takes no requests, a replica without a port can't be reached, and one that drains \
        for long holds up all that waits for its room. A load is measured by Prometheus, and obeyed by \
        HAProxy.
        """,
      wayOut: """
        Give an inference one port, or a range with one for each replica, those of an exchange \
        included; a 'drain' of 10 minutes at most; and a 'load' only where a cluster has both.
        """,
      example: .spec(
        "Workload",
        """
        type: training
        replicas: 4
        resources: {cpu: 1}
        image: registry.example/pretrain:1
        endpoint: {port: 8080}
        """)),
    DiagnosticPage(
      .sharedFile, "Two clusters would write the same file.",
      why: "Each would undo what the other one wrote.",
      wayOut: "Give each cluster a file of its own; one HAProxy can read several.",
      example: .manifests(
        cluster("haproxy: {file: /etc/haproxy/conf.d/lab.cfg, reload: [reload]}") + "---\n"
          + cluster("haproxy: {file: /etc/haproxy/conf.d/lab.cfg, reload: [reload]}")
          .replacing("name: example", with: "name: other"))),
    DiagnosticPage(
      .unknownTimeZone, "A schedule goes by the clocks of a time zone that nobody knows.",
      why: "Nobody could say when it begins.",
      wayOut: "Write a name of the IANA time zone database, such as 'Europe/Berlin' or 'UTC'.",
      example: .event(
        "A schedule of an 'autoscale' says 'timeZone: Europe/Berlim':",
        { [.unknownTimeZone("Europe/Berlim", nil, known: ["Europe/Berlin", "UTC"])] })),
    DiagnosticPage(
      .unevenStep, "A gang's step does not lead from its least size to its greatest.",
      why: "A gang grows and shrinks by whole steps, so that every size is a number of them.",
      wayOut: "Give a training a range of 'replicas' whose ends are multiples of 'step'.",
      example: .spec(
        "Workload",
        """
        type: training
        replicas: 4..16
        step: 8
        resources: {cpu: 1}
        image: registry.example/pretrain:1
        """)),
  ]

  /// The tree of queues.
  static let queuePages: [DiagnosticPage] = [
    DiagnosticPage(
      .queueCycle, "Queues stand within each other.",
      why: "Queues form a tree, whose shares are given out from the top.",
      wayOut: "Leave 'parent' out of the one that should stand at the top.",
      example: .manifests(
        queue("a", spec: "{parent: b}") + "---\n" + queue("b", spec: "{parent: a}"))),
    DiagnosticPage(
      .quotaOverLimit, "A queue is guaranteed more than it may ever use.",
      why: "What is guaranteed must be allowed.",
      wayOut: "Raise 'limit', or lower 'quota'.",
      example: .spec("Queue", "quota: {accelerators: 64}\nlimit: {accelerators: 32}")),
    DiagnosticPage(
      .quotaOverParent, "The queues below one are guaranteed more than it has.",
      why: "Not all of them can be given their quota at once. This is a warning: it may be meant.",
      wayOut: "Raise the quota above, or lower those below.",
      example: .manifests(
        queue("research", spec: "{quota: {accelerators: 64}}") + "---\n"
          + queue("nlp", spec: "{parent: research, quota: {accelerators: 48}}") + "---\n"
          + queue("vision", spec: "{parent: research, quota: {accelerators: 32}}"))),
  ]

  private static func queue(_ name: String, set: String? = nil, spec: String = "{}") -> String {
    let owner = set.map { ", set: \($0)" } ?? ""
    return """
      apiVersion: setpoint/v1
      kind: Queue
      metadata: {name: \(name)\(owner)}
      spec: \(spec)

      """
  }

  private static func cluster(_ line: String) -> String {
    let end = line.isEmpty ? "" : "  \(line)\n"
    return """
      apiVersion: setpoint/v1
      kind: Cluster
      metadata: {name: example}
      spec:
        provider: simulated
        region: us-east-1
        zones: [us-east-1a]

      """ + end
  }

  private static func pool(_ line: String) -> String {
    """
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: h100}
    spec:
      cluster: example
      instanceTypes: [p5.48xlarge]
      nodes: 0..4
      \(line)

    """
  }

  private static func workload(_ line: String) -> String {
    """
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: train}
    spec:
      type: training
      replicas: 2
      \(line)

    """
  }

  private static let demand = """
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: chat}
    spec:
      type: inference
      demand: {compute: 1000, storage: 500, network: 200}

    """
}
