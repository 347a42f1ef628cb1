import Model
import YAML

extension Table<SlurmSettings> {
  static let slurm = Table(
    "slurm", blank: SlurmSettings(),
    "How a Slurm is reached, and what is to be known of it that it does not tell itself."
  ) {
    Field(
      "configuration", \.configuration, .absolutePath, example: "/etc/slurm/slurm.conf",
      "The slurm.conf that names its controller; where Slurm's tools look by themselves where left out."
    )
    Field(
      "rest", \.rest, optionalFields: .slurmREST,
      "Its slurmrestd, which is asked instead of the tools as far as it can do what they do.")
    Field(
      "partition", \.partition, .name(.foreign, "a partition"), example: "gpu",
      "Only its nodes are used, and jobs go there; all nodes of all partitions where left out.")
    Field(
      "account", \.account, .name(.foreign, "an account"), example: "research",
      "The account that jobs are charged to.")
    Field(
      "qos", \.qos, .name(.foreign, "a quality of service"), example: "high",
      "The quality of service that jobs ask for.")
    Field(
      "queuePartitions", \.queuePartitions, .labels, example: "{nlp: high, batch: low}",
      "The partitions that jobs of these queues go to instead; a job's node must be in it.")
    Field(
      "queueAccounts", \.queueAccounts, .labels, example: "{nlp: language}",
      "The accounts that jobs of these queues are charged to instead.")
    Field(
      "queueQos", \.queueQos, .labels, example: "{nlp: high}",
      "The quality of service that jobs of these queues ask for instead.")
    Field(
      "reservation", \.reservation, .name(.foreign, "a reservation"), example: "ml-week",
      "The reservation that jobs run in; its nodes may then be used.")
    Field(
      "models", \.models, .labels, example: "{nvidia_h100_80gb_hbm3: H100}",
      "What Slurm's types of GPUs are called in manifests; other types are models in capitals.")
    Field(
      "launcher", \.launcher, .list(of: .anyText),
      example: "[srun, \"--container-image={image}\"]",
      "Words before each replica's command; `{image}` in them stands for the workload's image.")
    Field(
      "workingDirectory", \.workingDirectory, .absolutePath, example: "/home/ml",
      "Where jobs run.")
    Field(
      "output", \.output, .absolutePath, example: "/var/log/jobs/%x.log",
      "The file that jobs write to, with the patterns of `sbatch --output`.")
    Field(
      "checkpointSignal", \.checkpointSignal, .signal, example: "USR1",
      "Sent to a job that has to go, right before Slurm's own TERM and, after KillWait, KILL.")
    Field(
      "storage", \.storageBytes, .amount(.bytes).leftOut(at: 0), example: "8T",
      "The local disks of each node where Slurm does not count them.")
    Field(
      "network", \.networkBitsPerSecond, .amount(.bandwidth).leftOut(at: 0), example: "400Gbps",
      "The bandwidth of each node, which Slurm does not count.")
    Field(
      "acceleratorMemory", \.acceleratorMemoryBytes, .amount(.bytes).leftOut(at: 0),
      example: "80Gi",
      "The memory of each GPU, where no feature of its node says `accelerator-memory=80Gi`.")
    Field(
      "timeout", \.timeout, .duration, example: "30s",
      "After which a call to Slurm counts as without answer.")
  }
}

extension Table<SlurmREST> {
  static let slurmREST = Table(
    "slurm's rest", blank: SlurmREST(), rules: [.exactlyOne("tokenFile", "tokenVariable")],
    "Where a slurmrestd answers, and who asks."
  ) {
    Field(
      "address", \.address, .serverAddress, example: "https://head:6820",
      "Where it listens; over plain `http` anybody on the way can read the token."
    ).required
    Field(
      "user", \.user, .name(.foreign, "a user"), example: "setpoint",
      "Whose token it is; jobs are looked at and cancelled as that user."
    ).required
    Field(
      "tokenFile", \.tokenFile, .absolutePath, example: "/run/secrets/slurm.jwt",
      "The file that holds the token; read before each request, so that it may be renewed.")
    Field(
      "tokenVariable", \.tokenVariable, .name(.variable, "a variable"), example: "SLURM_JWT",
      "The variable of Setpoint's own environment that holds the token.")
    Field(
      "authorities", \.authorities, .absolutePath, example: "/etc/ssl/site-ca.pem",
      "A PEM file of those who may vouch for it, where the machine does not know them.")
  }
}

extension Form<String> {
  /// No user, password or query: what is a secret has a place of its own.
  static let serverAddress = Form(
    TextShape(
      noun: "an address", examples: ["https://head:6820", "http://127.0.0.1:6820"],
      pattern: "^https?://[A-Za-z0-9.:\\[\\]_-]+(/[A-Za-z0-9._~/-]*)?$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      let text = String(decoding: utf8, as: UTF8.self)
      let prefix = ["https://", "http://"].first { text.hasPrefix($0) }
      guard let prefix else { throw .malformed(help: "expected https:// or http:// in front") }
      let rest = text.utf8.dropFirst(prefix.utf8.count)
      let host = rest.prefix { $0 != UInt8(ascii: "/") }
      guard !host.isEmpty, host.allSatisfy({ $0.isAlphanumeric || ".:[]_-".utf8.contains($0) }),
        rest.dropFirst(host.count).allSatisfy({ $0.isAlphanumeric || "._~/-".utf8.contains($0) })
      else {
        throw .malformed(help: "expected a host, its port and no user, password or query")
      }
      return text
    })

  static let absolutePath = Form(
    TextShape(
      noun: "an absolute path", examples: ["/etc/slurm/slurm.conf"], pattern: "^/[^\\x00-\\x1f]*$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      guard utf8.first == UInt8(ascii: "/"), utf8.allSatisfy({ $0 >= 0x20 }) else {
        throw .malformed(help: nil)
      }
      return String(decoding: utf8, as: UTF8.self)
    })

  static let signal = Form(
    TextShape(noun: "a signal", examples: ["USR1", "TERM"], pattern: "^[A-Z][A-Z0-9]{1,9}$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      let isWord = utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
      guard isWord, (2...10).contains(utf8.count), utf8.first.map({ $0 >= 0x41 }) ?? false else {
        throw .malformed(help: nil)
      }
      return String(decoding: utf8, as: UTF8.self)
    })
}

extension UInt8 {
  var isAlphanumeric: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
