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

  static let reservations = SlurmCommand(
    tool: .scontrol, arguments: ["--oneliner", "show", "reservation"])
  static let partitions = SlurmCommand(
    tool: .scontrol, arguments: ["--oneliner", "show", "partition"])

  /// Sets the variables that come first, and becomes the command; what a command starts by `srun` is to
  /// have them as well, which Slurm's own variable forbids. Slurm reads options from a script's
  /// comments; no text of anybody's stands in it.
  static let script = """
    #!/bin/sh
    unset SLURM_EXPORT_ENV
    count=$1; shift
    while [ "$count" -gt 0 ]; do export "${1#=}"; shift; count=$((count - 1)); done
    \(becoming)

    """

  /// What a member of a gang runs: its rank is its ordinal.
  static let memberScript = "export SETPOINT_ORDINAL=$SLURM_PROCID; \(becoming)"

  /// Becomes the words that are left.
  private static let becoming = """
    for word; do shift; set -- "$@" "${word#=}"; done; exec "$@"
    """

  /// Slurm's tools take a word that is a colon for their own wherever it stands, so none may be one.
  private static func guarded(_ words: [String]) -> [String] { words.map { "=\($0)" } }

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
    let parts = submission.parts.map { options($0, submission, settings) }
    let words = submission.environment + words(submission)
    return SlurmCommand(
      tool: .sbatch,
      arguments: ["--parsable"] + Array(parts.joined(separator: [":"]))
        + ["/dev/stdin", "\(submission.environment.count)"] + guarded(words),
      input: script)
  }

  private static func options(
    _ part: Submission.Part, _ submission: Submission, _ settings: SlurmSettings
  ) -> [String] {
    let always = [
      "--job-name=\(part.name)", "--comment=\(part.tag.tag.comment)", "--nodelist=\(part.node)",
      "--nodes=1", "--ntasks=1", "--cpus-per-task=\(submission.cpus)",
      "--mem=\(submission.memoryMiB)M", "--partition=\(part.partition)",
      "--chdir=\(settings.workingDirectory)", "--output=\(settings.output)",
      // Where it runs is decided here: what Slurm would start anew somewhere else, or later, is not.
      "--no-requeue",
      // Of two submissions under one key only one runs.
      "--dependency=singleton",
      // A named variable keeps the environment of whoever submits out, and that of his login.
      "--export=PATH=\(jobPath)",
    ]
    let sometimes = [
      ("gres", part.gres), ("account", submission.account), ("qos", submission.qos),
      ("reservation", settings.reservation),
    ]
    return always + sometimes.compactMap { option, value in value.map { "--\(option)=\($0)" } }
  }

  /// What the script becomes. That of a gang runs on the first node, and starts each member on its own;
  /// where `srun` is the launcher, it is the one that does so.
  private static func words(_ submission: Submission) -> [String] {
    var launcher = submission.launcher
    let isSrun = launcher.first.map { $0 == "srun" || $0.hasSuffix("/srun") } ?? false
    let isGang = submission.parts.count > 1
    // In an image there may be no shell, so there is one in the way only where it has something to do.
    guard isGang || isSrun && submission.command.contains(":") else {
      return launcher + submission.command
    }
    let srun = isSrun ? launcher.removeFirst() : "srun"
    let together = [
      "--het-group=0-\(submission.parts.count - 1)", "--kill-on-bad-exit=1",
      // A step does not take this from its job.
      "--cpus-per-task=\(submission.cpus)",
    ]
    return [srun] + (isGang ? together : []) + (isSrun ? launcher : [])
      + ["/bin/sh", "-c", isGang ? memberScript : becoming, "sh"]
      + guarded(isSrun ? submission.command : launcher + submission.command)
  }

  private static let jobPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
