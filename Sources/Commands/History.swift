import ArgumentParser
import Interfaces
import Planning
import Views

struct History: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what was applied, newest first.")

  @Option(help: "How many at most, the newest of all.")
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
