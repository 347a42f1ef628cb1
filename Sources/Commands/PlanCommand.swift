import ArgumentParser
import Documents
import Interfaces
import Model
import Planning
import SimulatedProvider
import Views

struct PlanCommand: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what applying manifests would do, and do nothing.",
    discussion: HelpText.discussion(
      examples: [
        "plan manifests", "plan manifests --verbose", "plan manifests -out plan.json",
        "plan manifests -o json",
        "plan manifests --observed snapshot.json --detailed-exitcode",
      ], exits: ExitWords.detailed))

  @OptionGroup var manifests: ManifestPaths

  @Flag(help: "Tell by the exit code whether there are changes.")
  var detailedExitcode = false

  @Option(help: OptionHelp.observed)
  var observed: String?

  @OptionGroup var saving: SavingOption

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How to print it.", valueName: "format"))
  var format = PlanFormat.text

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let request = try ManifestRequest(manifests.paths, beside: try stored.wishes(at: state.path))
    terminal.warn(request)
    let prepared = try await plan(request, stored, session)
    let view = PlanView(prepared.plan, style: terminal.style)
    switch format {
    case .text: try terminal.print(view.text)
    case .markdown: try terminal.print(view.markdown)
    case .json: try terminal.print(prepared.saved.json)
    }
    try saving.save(prepared, terminal)
    guard detailedExitcode, !prepared.plan.isEmpty else { return .done }
    return prepared.plan.brokenGates.isEmpty ? .changes : .gateBroken
  }

  private func plan(
    _ request: ManifestRequest, _ stored: StoredState, _ session: Session
  ) async throws(Trouble) -> PreparedPlan {
    if let observed {
      let snapshot: Snapshot = try DocumentFile.read(observed)
      return try PlanMaker.plan(
        request, state: stored, observed: snapshot.observed, at: snapshot.at,
        saveBugsBeside: state.path)
    }
    return try await session.prepare(request, over: stored)
  }
}

/// For people, for where they talk, or for programs.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument { case text, markdown, json }
