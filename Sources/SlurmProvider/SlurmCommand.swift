import Model

/// One run of one of Slurm's tools: words for the process, never for a shell.
///
/// What comes from people stands behind `name=` in its word, or behind the script, where the tool looks
/// for no options any more; the script itself is always the same.
struct SlurmCommand: Hashable, Sendable {
  var tool: Tool
  var arguments: [String]
  var input = ""

  enum Tool: String, CaseIterable, Hashable, Sendable {
    case sinfo, squeue, sbatch, scancel, scontrol
  }

  /// How reasons that are ours begin.
  static let reasonMark = "setpoint:"

  static let nodes = SlurmCommand(tool: .sinfo, arguments: ["--json"])
  /// Also of jobs that ended not long ago: they are how a key is known to have been used.
  static let jobs = SlurmCommand(tool: .squeue, arguments: ["--states=all", "--json"])

  /// Sets the variables that come first, and becomes the command. Slurm reads options from a script's
  /// comments; no text of anybody's stands in it.
  static let script = """
    #!/bin/sh
    count=$1; shift
    while [ "$count" -gt 0 ]; do export "$1"; shift; count=$((count - 1)); done
    exec "$@"

    """

  /// nil for what Slurm is not asked for.
  init?(_ move: Move, _ settings: SlurmSettings) {
    switch move {
    case .submit(let submission): self = .submit(submission, settings)
    case .mark(let job, let tag):
      self.init(
        tool: .scontrol, arguments: ["update", "jobid=\(job)", "comment=\(tag.tag.comment)"])
    case .signal(let job, let signal):
      self.init(tool: .scancel, arguments: ["--full", "--signal=\(signal)", "\(job)"])
    case .cancel(let jobs): self.init(tool: .scancel, arguments: jobs.map { "\($0)" })
    case .forget: return nil
    case .powerUp(let node, let tag, let fromDrain):
      // Where Slurm keeps a drain over a power-down, resuming it is a step of its own.
      let state = fromDrain ? "resume" : "power_up"
      self.init(
        tool: .scontrol,
        arguments: ["update", "nodename=\(node)", "comment=\(tag.tag.comment)", "state=\(state)"])
    case .powerDown(let node, let isLost):
      let state = isLost ? "power_down_force" : "power_down"
      self.init(tool: .scontrol, arguments: ["update", "nodename=\(node)", "state=\(state)"])
    case .drain(let node):
      self.init(
        tool: .scontrol,
        arguments: [
          "update", "nodename=\(node)", "state=drain", "reason=\(Self.reasonMark) leaving",
        ])
    }
  }

  init(tool: Tool, arguments: [String], input: String = "") {
    self.tool = tool
    self.arguments = arguments
    self.input = input
  }

  private static func submit(
    _ submission: Submission, _ settings: SlurmSettings
  ) -> SlurmCommand {
    var arguments = [
      "--parsable", "--job-name=\(submission.name)",
      "--comment=\(submission.tag.tag.comment)", "--nodelist=\(submission.node)", "--nodes=1",
      "--ntasks=1", "--cpus-per-task=\(submission.cpus)", "--mem=\(submission.memoryMiB)M",
      "--partition=\(submission.partition)", "--chdir=\(settings.workingDirectory)",
      "--output=\(settings.output)",
      // Where it runs is decided here: what Slurm would start anew somewhere else, or later, is not.
      "--no-requeue",
      // Of two submissions under one key only one runs.
      "--dependency=singleton",
      // A named variable keeps the environment of whoever submits out, and that of his login.
      "--export=PATH=\(jobPath)",
    ]
    if let gres = submission.gres { arguments.append("--gres=\(gres)") }
    for (option, value) in [
      ("account", settings.account), ("qos", settings.qos), ("reservation", settings.reservation),
    ] {
      if let value { arguments.append("--\(option)=\(value)") }
    }
    return SlurmCommand(
      tool: .sbatch,
      arguments: arguments + ["/dev/stdin", "\(submission.environment.count)"]
        + submission.environment + submission.command,
      input: script)
  }

  private static let jobPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
