import ArgumentParser
import Views

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show the fields in which manifests differ from what was applied.",
    discussion: HelpText.discussion(
      examples: ["diff manifests"],
      exits: [
        (DiffExit.same.rawValue, "nothing differs"),
        (DiffExit.different.rawValue, "something differs"),
        (DiffExit.trouble.rawValue, "trouble, as diff(1) has it"),
      ]))

  @OptionGroup var manifests: ManifestPaths

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let terminal = output.terminal
    let areSame: Bool
    do throws(Trouble) {
      areSame = try await compare(terminal)
    } catch {
      terminal.complain(error)
      throw ExitCode(DiffExit.trouble.rawValue)
    }
    guard areSame else { throw ExitCode(DiffExit.different.rawValue) }
  }

  private func compare(_ terminal: Terminal) async throws(Trouble) -> Bool {
    let session = try Session(reading: state.path)
    let stored = try await session.current().wishes(at: state.path)
    let request = try ManifestRequest(manifests.paths, beside: stored)
    terminal.warn(request)
    let changes = request.changes
    try terminal.print(ChangesView(changes: changes, style: terminal.style).text)
    return changes.isEmpty
  }
}
