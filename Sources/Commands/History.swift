import ArgumentParser
import Interfaces
import Planning
import Views

struct History: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List what was applied, newest first.",
    discussion: HelpText.discussion(
      examples: ["history", "history --limit 5"]))

  @Option(help: ArgumentHelp("How many at most, the newest of all.", valueName: "count"))
  var limit = 20

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let revisions = try await session.history(limit: max(limit, 0))
    try terminal.print(Chronicle.history(revisions), as: format.format)
    return .done
  }
}
