import ArgumentParser
import Interfaces
import Planning
import SimulatedProvider
import Views

struct Rollback: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Go back to what was wanted at an earlier revision.",
    discussion: HelpText.discussion(
      """
      Shows the plan that leads back to that revision's manifests and prices, asks, and carries it \
      out as 'apply' does. It becomes a new revision: the history is never rewritten.

      The manifests on disk stay as they are, and applying them brings back what they say.
      """,
      examples: ["rollback 4", "rollback 4 -out back.json"], exits: ExitWords.carriedOut))

  @Argument(help: "The number of a revision, as 'setpoint history' lists them.")
  var revision: Int

  @OptionGroup var saving: SavingOption
  @OptionGroup var options: ChangeOptions

  var output: OutputOptions { options.output }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = options.state.path
    let session = try Session(reading: path)
    let stored = try await session.current()
    let request = ManifestRequest(
      wishing: try await session.wishes(ofRevision: revision),
      insteadOf: try stored.wishes(at: path))
    var prepared = try await session.prepare(request, over: stored)
    prepared.note = " · back to revision \(revision)"
    guard saving.out == nil else {
      try terminal.print(PlanView(prepared.plan, style: terminal.style).text)
      try saving.save(prepared, terminal)
      return .done
    }
    return try await Applying(path: path, terminal: terminal, agreement: options.agreement)
      .apply(prepared, request)
  }
}
