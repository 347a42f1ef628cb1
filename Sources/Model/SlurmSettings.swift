/// How one Slurm is reached, and what is to be known of it that it does not tell itself.
public struct SlurmSettings: Hashable, Sendable {
  /// The path of slurm.conf; where the tools look by themselves where nil.
  public var configuration: String?
  /// Where slurmrestd answers; where nil, the tools do everything.
  public var rest: SlurmREST?
  /// Only its nodes are used, and jobs go there; where nil, all nodes, and each job goes to the first
  /// partition, by name, that its node is in.
  public var partition: String?
  public var account: String?
  public var qos: String?
  /// What the jobs of a queue ask for instead of these, by the queue's name.
  public var queuePartitions: Labels
  public var queueAccounts: Labels
  public var queueQos: Labels
  /// Jobs run in it, and its nodes may be used.
  public var reservation: String?
  /// What types of generic resources are called here, such as `nvidia_h100` to `H100`; other types are
  /// models in capitals.
  public var models: Labels
  /// Words before each command, such as `srun` and `--container-image={image}`.
  public var launcher: [String]
  public var workingDirectory: String
  /// Where jobs write, as `sbatch --output` has it.
  public var output: String
  /// Sent to a job before it is cancelled: `USR1`.
  public var checkpointSignal: String?
  /// What each node has, since Slurm does not count it: of disks only where Slurm says nothing.
  public var storageBytes: Int64
  public var networkBitsPerSecond: Int64
  /// Of each device, which Slurm does not tell; 0 where unknown.
  public var acceleratorMemoryBytes: Int64
  /// After which a call to Slurm counts as without answer.
  public var timeout: Seconds

  public init(
    configuration: String? = nil, rest: SlurmREST? = nil, partition: String? = nil,
    account: String? = nil, qos: String? = nil, queuePartitions: Labels = .none,
    queueAccounts: Labels = .none,
    queueQos: Labels = .none, reservation: String? = nil, models: Labels = .none,
    launcher: [String] = [], workingDirectory: String = "/tmp", output: String = "/dev/null",
    checkpointSignal: String? = nil, storageBytes: Int64 = 0, networkBitsPerSecond: Int64 = 0,
    acceleratorMemoryBytes: Int64 = 0, timeout: Seconds = Seconds(30)
  ) {
    self.configuration = configuration
    self.rest = rest
    self.partition = partition
    self.account = account
    self.qos = qos
    self.queuePartitions = queuePartitions
    self.queueAccounts = queueAccounts
    self.queueQos = queueQos
    self.reservation = reservation
    self.models = models
    self.launcher = launcher
    self.workingDirectory = workingDirectory
    self.output = output
    self.checkpointSignal = checkpointSignal
    self.storageBytes = storageBytes
    self.networkBitsPerSecond = networkBitsPerSecond
    self.acceleratorMemoryBytes = acceleratorMemoryBytes
    self.timeout = timeout
  }
}

/// Where a slurmrestd answers, and who asks.
public struct SlurmREST: Hashable, Sendable {
  /// `https://head:6820` or `http://…`, maybe with the beginning of a path.
  public var address: String
  public var user: String
  /// The file that holds the user's token (JWT), or the variable of Setpoint's own environment: one of
  /// the two.
  public var tokenFile: String?
  public var tokenVariable: String?
  /// A PEM file of those who may vouch for it; where nil, those that the machine trusts.
  public var authorities: String?

  public init(
    address: String = "", user: String = "", tokenFile: String? = nil,
    tokenVariable: String? = nil, authorities: String? = nil
  ) {
    self.address = address
    self.user = user
    self.tokenFile = tokenFile
    self.tokenVariable = tokenVariable
    self.authorities = authorities
  }
}
