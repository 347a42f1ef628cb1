import ArgumentParser
import Documents
import Planning
import SimulatedProvider

struct Apply: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Show the plan for manifests, ask, and carry it out; or carry out a saved plan.",
    discussion: HelpText.discussion(
      """
      Ends when everything is ready and planning again finds nothing to do. Ctrl-C stops in good \
      order: the next apply goes on from there.

      A file that 'setpoint plan -out FILE' wrote is carried out without a question, as long as \
      everything that it depends on still holds; otherwise what has changed is named, and nothing \
      is done.
      """,
      examples: [
        "apply manifests", "apply manifests --yes --state prod.db", "apply plan.json",
        "apply manifests --override prod --reason 'incident 42'",
      ],
      exits: ExitWords.carriedOut))

  @OptionGroup var manifests: ManifestPaths
  @OptionGroup var options: ChangeOptions

  var output: OutputOptions { options.output }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    if let file = try PlanFile.among(manifests.paths) { return try await apply(file, terminal) }
    let path = options.state.path
    let session = try Session(reading: path)
    let stored = try await session.current()
    let request = try ManifestRequest(manifests.paths, beside: try stored.wishes(at: path))
    terminal.warn(request)
    let prepared = try await session.prepare(request, over: stored)
    return try await Applying(path: path, terminal: terminal, agreement: options.agreement)
      .apply(prepared, request)
  }

  private func apply(_ file: String, _ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = options.state.path
    let saved: SavedPlan = try DocumentFile.read(file)
    let session = try Session(reading: path)
    let request = try await session.recheck(saved, from: file)
    var agreement = options.agreement
    agreement.isConfirmed = true
    return try await Applying(
      path: path, terminal: terminal, agreement: agreement, mayLeaveMore: true
    ).apply(saved.plan, request, summary: saved.summary, at: await session.clock.now())
  }
}
