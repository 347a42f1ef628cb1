import ArgumentParser

struct VersionCommand: PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.",
    discussion: HelpText.discussion(examples: ["version"]))

  func print(to terminal: Terminal) throws {
    try terminal.print(Version.line)
  }
}
