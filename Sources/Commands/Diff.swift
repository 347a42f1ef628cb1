import ArgumentParser
import Manifests
import Views

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the fields in which manifests differ from what was applied.",
    discussion: "Exits 0 where nothing differs, 1 where something does, 2 on trouble, as diff(1).")

  @Argument(help: "Files, directories, or - for standard input.")
  var paths: [String]

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
    let session = try Session(state: state.path)
    let stored = try await session.current().desired(at: state.path)
    let request = try ManifestRequest(paths, beside: stored)
    terminal.warn(request)
    let changes = ObjectChanges.between(stored, request.desired)
    terminal.print(ChangesView(changes: changes, style: terminal.style).text)
    return changes.isEmpty
  }
}
