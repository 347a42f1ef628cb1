import ArgumentParser
import Interfaces
import SimulatedProvider
import Views

struct Apply: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the plan for manifests, ask, and carry it out.",
    discussion: """
      Ends when everything is ready and planning again finds nothing to do. Ctrl-C stops in good \
      order: the next apply goes on from there.
      """)

  @Argument(help: "Files, directories, or - for standard input.")
  var paths: [String]

  @Flag(help: "Don't ask.")
  var yes = false

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(state: state.path)
    let stored = try await session.current()
    let request = try ManifestRequest(paths, beside: try stored.desired(at: state.path))
    terminal.warn(request)
    let observed = await session.observe(request.allClusters)
    let prepared = try PlanMaker.plan(
      request, state: stored, observed: observed, at: await session.clock.now(),
      saveBugsBeside: state.path)
    terminal.print(PlanView(prepared.plan, style: terminal.style).text)
    return try await Applying(session: session, terminal: terminal)
      .apply(prepared, request, isConfirmed: yes)
  }
}
