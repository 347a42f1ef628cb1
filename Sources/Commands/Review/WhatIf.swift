public import ArgumentParser
import Diagnostics
import Documents
import Interfaces
import Model
public import Planning
import SimulatedProvider
import Views

struct WhatIf: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Show what losing nodes or adding manifests would do, and do nothing.",
    discussion: HelpText.discussion(
      """
      Plans the manifests as they are and once more as if it had happened, and shows where the \
      effects differ.
      """,
      examples: [
        "what-if manifests --lose zone=us-east-1a",
        "what-if manifests --add candidate.yaml --observed snapshot.json",
      ]))

  @Argument(help: "Files, directories, or - for standard input.")
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "What is lost: node=NAME, zone=NAME or pool=NAME; may be given again.", valueName: "what"))
  var lose: [Loss] = []

  @Option(help: ArgumentHelp("Manifests besides; may be given again.", valueName: "path"))
  var add: [String] = []

  @Option(help: OptionHelp.observed)
  var observed: String?

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !lose.isEmpty || !add.isEmpty else {
      throw ValidationError("say what would happen: --lose or --add")
    }
  }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    guard let observed else {
      let session = try Session(reading: state.path)
      let stored = try await session.current()
      let (base, head) = try requests(beside: try stored.wishes(at: state.path), terminal)
      let seen = await session.observe(head.allClusters)
      return try show(base, head, stored, seen, await session.clock.now(), terminal)
    }
    let snapshot: Snapshot = try DocumentFile.read(observed)
    let stored = StoredState(manifests: snapshot.manifests, prices: snapshot.prices)
    let (base, head) = try requests(beside: try stored.wishes(at: observed), terminal)
    return try show(base, head, stored, snapshot.observed, snapshot.at, terminal)
  }

  private func requests(
    beside stored: Wishes, _ terminal: Terminal
  ) throws(Trouble) -> (base: ManifestRequest, head: ManifestRequest) {
    let base = try ManifestRequest(paths, beside: stored)
    var head = try ManifestRequest(paths + add, beside: stored)
    head.before = base.wishes
    terminal.warn(head)
    return (base, head)
  }

  private func show(
    _ base: ManifestRequest, _ head: ManifestRequest, _ stored: StoredState,
    _ seen: ObservedState, _ now: Timestamp, _ terminal: Terminal
  ) throws(Trouble) -> Exit {
    var after = seen
    for loss in lose {
      guard let rest = after.losing(loss) else { throw .problem(WhatIfWording.nothing(loss)) }
      after = rest
    }
    let before = try PlanMaker.plan(
      base, state: stored, observed: seen, at: now, saveBugsBeside: state.path)
    let then = try PlanMaker.plan(
      head, state: stored, observed: after, at: now, saveBugsBeside: state.path)
    let gates = head.desired.gates
    let what = (lose.map { "without \($0)" } + add.map { "with \($0)" }).joined(separator: ", ")
    let review = Review(
      base: .init(name: "now", id: ""), head: .init(name: what, id: ""), paths: paths,
      comparison: PlanComparison(
        base: before.plan, head: then.plan, gatesOfBase: gates, gatesOfHead: gates),
      places: .unknown, observed: after, at: now)
    try terminal.print(ReviewView(review, style: terminal.style).text)
    return .done
  }
}

extension Loss: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Code {
  static let whatIfNothing = Code("what-if", "nothing")
}

/// Why nothing can be said of what would be, in words.
enum WhatIfWording {
  static func nothing(_ loss: Loss) -> Diagnostic {
    Diagnostic(
      .whatIfNothing, "no node is there that '\(loss)' means", at: .invocation,
      help: "'setpoint get nodes' lists nodes with their pools and zones")
  }
}
