import ArgumentParser
import Views

struct Events: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "List what happened, oldest first.",
    discussion: HelpText.discussion(
      examples: ["events", "events --limit 20 -o json"]))

  @Option(help: ArgumentHelp("How many at most, the newest of all.", valueName: "count"))
  var limit = 100

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let events = try await session.events(limit: max(limit, 0))
    try terminal.print(Chronicle.events(events), as: format.format)
    return .done
  }
}
