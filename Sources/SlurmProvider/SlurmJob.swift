import JSON

/// A job as Slurm lists it.
struct SlurmJob: Hashable, Sendable, Blank {
  var id: Int64 = 0
  var name = ""
  var user = ""
  /// Those that it may run in.
  var partitions: [String] = []
  /// The first part of the gang that it is a part of; what is done to that one is done to all of them.
  var leader: Int64?
  /// In capitals; releases after 22.05 give flags beside the state: `CANCELLED`, `COMPLETING`.
  var states: Set<String> = []
  /// Why it waits or was refused: `Resources`, `BadConstraints`.
  var reason = ""
  var comment = "" {
    didSet { order = Tag(comment).flatMap(JobTag.init) }
  }
  /// What the comment says, where it is ours.
  private(set) var order: JobTag?
  /// As a list of hosts, `n[1-2]`; empty before it has any.
  var nodes = ""
  /// Those that it asked for by name.
  var requiredNodes = ""
  var allocations: [Allocation] = []
  /// For each allocated node in order: `gpu:a100:2(IDX:0-1)`.
  var gresDetail: [String] = []
  var cpus: Int64 = 0
  var nodeCount: Int64 = 0
  var memoryMiBPerNode: Int64 = 0
  var memoryMiBPerCPU: Int64 = 0
  /// Seconds since 1970.
  var submitTime: Int64 = 0
  var startTime: Int64 = 0
  var endTime: Int64 = 0

  /// What it has of one node.
  struct Allocation: Hashable, Sendable, Blank {
    var node = ""
    var cores: Int64 = 0
    var memoryMiB: Int64 = 0
  }

  /// Whether it takes room on its nodes.
  var holdsNodes: Bool {
    !nodes.isEmpty
      && (states.contains("COMPLETING") || states.isDisjoint(with: Self.withoutNodes))
  }

  /// Whether it waits for its nodes.
  var isPending: Bool { !states.isDisjoint(with: Self.waiting) }

  /// Refused when it was submitted: Slurm keeps a record of that as well, and it never ran.
  var isRefused: Bool { states.contains("FAILED") && nodes.isEmpty }

  private static let waiting: Set<String> = [
    "PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD",
  ]

  /// States in which it has no node yet, or none any more.
  private static let withoutNodes: Set<String> = waiting.union([
    "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL",
    "DEADLINE", "OUT_OF_MEMORY", "REVOKED",
  ])
}

extension SlurmJob {
  /// The answer of `squeue --json`, and of newer releases, which write numbers and states otherwise.
  static func list(_ json: [UInt8]) throws(JSONProblem) -> Listing<SlurmJob> {
    try Listing(json, member: "jobs") {
      (job: inout SlurmJob, name, reader)
        throws(JSONProblem) in
      switch name {
      case "job_id": job.id = try reader.amount()
      case "het_job_id":
        let leader = try reader.amount()
        job.leader = leader > 0 ? leader : nil
      case "name": job.name = try reader.text()
      case "partition":
        job.partitions = try reader.text().split(separator: ",").map(String.init)
      case "user_name": job.user = try reader.text()
      case "job_state": job.states = try reader.words()
      case "state_reason": job.reason = try reader.text()
      case "comment": job.comment = try reader.text()
      case "nodes": job.nodes = try reader.text()
      case "required_nodes": job.requiredNodes = try reader.text()
      case "job_resources": job.allocations = try reader.allocations()
      case "gres_detail": job.gresDetail = try reader.texts()
      case "cpus": job.cpus = try reader.amount()
      case "node_count": job.nodeCount = try reader.amount()
      case "memory_per_node": job.memoryMiBPerNode = try reader.amount()
      case "memory_per_cpu": job.memoryMiBPerCPU = try reader.amount()
      case "submit_time": job.submitTime = try reader.amount()
      case "start_time": job.startTime = try reader.amount()
      case "end_time": job.endTime = try reader.amount()
      default: break
      }
    } isUsable: {
      $0.id > 0 && !$0.states.isEmpty
    }
  }

  /// What it has of each of its nodes, as far as Slurm tells; evenly divided where it does not.
  var shares: [Allocation] {
    guard holdsNodes else { return [] }
    if !allocations.isEmpty { return allocations }
    let names = HostList.expand(nodes)
    let count = Int64(max(names.count, 1))
    return names.map { name in
      let cpus = (cpus + count - 1) / count
      return Allocation(
        node: name, cores: cpus,
        memoryMiB: memoryMiBPerNode > 0
          ? memoryMiBPerNode : cpus.multipliedReportingOverflow(by: memoryMiBPerCPU).partialValue)
    }
  }
}

extension JSONReader {
  /// Of `job_resources`, which is no object where there are none.
  fileprivate mutating func allocations() throws(JSONProblem) -> [SlurmJob.Allocation] {
    guard try kind() == .object else {
      try skip()
      return []
    }
    var allocations: [SlurmJob.Allocation] = []
    try object { (name, reader) throws(JSONProblem) in
      guard name == "allocated_nodes", try reader.kind() == .array else { return }
      try reader.array { (reader) throws(JSONProblem) in
        allocations.append(try reader.allocation())
      }
    }
    return allocations
  }

  private mutating func allocation() throws(JSONProblem) -> SlurmJob.Allocation {
    var allocation = SlurmJob.Allocation()
    try object { (name, reader) throws(JSONProblem) in
      switch name {
      case "nodename": allocation.node = try reader.text()
      case "memory_allocated": allocation.memoryMiB = try reader.amount()
      case "sockets": allocation.cores = try reader.allocatedCores()
      default: break
      }
    }
    return allocation
  }

  /// Of `{"0": {"cores": {"0": "allocated"}}}`.
  private mutating func allocatedCores() throws(JSONProblem) -> Int64 {
    guard try kind() == .object else { return 0 }
    var count: Int64 = 0
    try object { (_, reader) throws(JSONProblem) in
      guard try reader.kind() == .object else { return }
      try reader.object { (name, reader) throws(JSONProblem) in
        guard name == "cores", try reader.kind() == .object else { return }
        try reader.object { (_, reader) throws(JSONProblem) in
          if try reader.text().hasPrefix("allocated") { count += 1 }
        }
      }
    }
    return count
  }
}
