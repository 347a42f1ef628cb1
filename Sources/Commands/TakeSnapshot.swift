import ArgumentParser
import Documents
import Interfaces
import Model
import SimulatedProvider

struct TakeSnapshot: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Print what is wanted and seen now as one JSON document.",
    discussion: HelpText.discussion(
      "With it, plan, review and simulate need neither state nor access to a cluster.",
      examples: [
        "snapshot > snapshot.json", "plan manifests --observed snapshot.json",
      ]))

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let clusters = try stored.wishes(at: state.path).desired.clusters
    let snapshot = Snapshot(
      at: await session.clock.now(), manifests: stored.manifests, prices: stored.prices,
      observed: await session.observe(clusters))
    try terminal.print(snapshot.json)
    return .done
  }
}
