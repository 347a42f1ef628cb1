public import ArgumentParser
import KubernetesProvider
public import Model

struct Run: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Keep what was applied as it is wanted, until stopped.",
    discussion: HelpText.discussion(
      """
      Plans again whenever the world changes, and carries the plan out; a plan that breaks a gate is \
      not. Ctrl-C stops in good order. One run keeps a state at a time.

      With --source it follows manifests in Git, and applies each new revision of them. What can't \
      be fetched, lacks its signature, was rewound, is empty or has mistakes is not taken: the last \
      good revision stays. A revision that deletes much is not carried out before somebody agreed to \
      exactly that plan, with --consent.

      With --lease several processes may be started of which one leads, as pods of one Deployment: the \
      others wait until it leaves, or dies. Each has a state of its own then.

      With --drift report only changes of the manifests are carried out; what else there would be \
      to do is shown, and with --once told by exit code 2.
      """,
      examples: [
        "run", "run --interval 30s", "run --once",
        "run --source https://git.example/fleet.git@main:manifests",
        "run --source https://git.example/fleet.git@main --lease ops/setpoint",
      ],
      exits: [
        (Exit.done.rawValue, "stopped by Ctrl-C; with --once: everything is at its setpoint"),
        (Exit.failed.rawValue, "it can't go on, and says why"),
        (Exit.changes.rawValue, "with --once --drift report: drift"),
        (Exit.gateBroken.rawValue, "with --once: the plan breaks a gate"),
        (Exit.interrupted.rawValue, "with --once: stopped by Ctrl-C before that"),
      ]))

  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp(
      "What to do where the world changed and the manifests did not.", valueName: "policy"))
  var drift = DriftPolicy.heal

  @Option(help: "The id of the plan to whose deletions somebody agreed.")
  var consent: String?

  @Flag(help: "End as soon as everything is at its setpoint.")
  var once = false

  @Option(
    help: ArgumentHelp(
      "The longest time between two looks at the world, such as 30s.", valueName: "duration"))
  var interval: Seconds?

  @Option(
    help: ArgumentHelp(
      "Lead under this Lease of the Kubernetes that the process runs in, or that KUBECONFIG names.",
      valueName: "namespace/name"))
  var lease: LeaseName?

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard once, lease != nil else { return }
    throw ValidationError("--lease is for a run that goes on; --once ends by itself")
  }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    POSIX.keepMemoryFlat()
    let wanted = Wanted(
      path: state.path, source: try await source.open(beside: state.path), consent: consent)
    let keeper = Keeper(
      wanted: wanted, drift: drift, interval: interval, leadership: lease?.leadership,
      terminal: terminal)
    return once
      ? try await keeper.once()
      : try await keeper.forever(
        fetchEvery: source.fetchEvery ?? SourceOptions.fetchEveryDefault)
  }
}

enum DriftPolicy: String, CaseIterable, ExpressibleByArgument { case heal, report }

extension Seconds: ExpressibleByArgument {
  /// `30s`
  public init?(argument: String) {
    do { self = try Seconds.parse(argument) } catch { return nil }
  }
}

/// `setpoint/leader`: where a Lease is, and what it is called.
struct LeaseName: ExpressibleByArgument {
  let namespace: String
  let name: String

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(NameRule.object.accepts) else { return nil }
    (namespace, name) = (parts[0], parts[1])
  }

  var leadership: Leadership {
    let start = ContinuousClock.now
    let mark = String(UInt32.random(in: .min ... .max), radix: 16)
    return Leadership(
      KubernetesSettings(), namespace: namespace, name: name,
      identity: "\(POSIX.hostName)_\(mark)", .process
    ) { ContinuousClock.now - start }
  }
}
