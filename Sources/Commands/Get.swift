public import ArgumentParser
import Interfaces
import Model
import SimulatedProvider
public import Views

struct Get: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "List what is declared and what is there.",
    discussion: HelpText.discussion(
      examples: ["get", "get nodes", "get replicas -o json"]))

  @Argument(help: "What to list.")
  var subject: Status.Subject = .workloads

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    try terminal.print(await session.status().list(subject), as: format.format)
    return .done
  }
}

extension Status.Subject: ExpressibleByArgument {}

extension Session {
  /// What is wanted, decided and seen now.
  func status() async throws(Trouble) -> Status {
    let stored = try await current()
    let desired = try stored.wishes(at: path).desired
    return Status(
      desired: desired, target: stored.target, observed: await observe(desired.clusters),
      now: await clock.now())
  }
}

extension Terminal {
  func print(_ listing: Listing, as format: OutputFormat) throws(Trouble) {
    switch format {
    case .text: try print(listing.text(in: style))
    case .json: try print(listing.json)
    }
  }
}
