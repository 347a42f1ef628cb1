import ArgumentParser
import Interfaces
import SQLiteStore

struct Backup: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Write a whole copy of the state to a new file, while others use it.",
    discussion: HelpText.discussion(
      """
      The copy is what one commit left, checked, and for its owner only. To go back to it: stop \
      'setpoint run', move the state file and those beside it with -wal and -shm away, put the copy \
      in its place, and say 'setpoint doctor'.
      """,
      examples: ["backup state-monday.db", "backup /backups/prod.db --state prod.db"]))

  @Argument(help: "The file to write; nothing may be there yet.")
  var file: String

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = state.path
    do throws(StoreError) {
      guard try StateDatabase.form(of: path) != nil else {
        throw .unreadable(path: path, detail: "there is none")
      }
    } catch {
      throw .state(error)
    }
    guard !POSIX.isAnythingThere(file) else {
      throw .problem(StateWording.backupExists(file))
    }
    let session = try Session(reading: path)
    do throws(StoreError) {
      let count = try await session.store.backUp(to: file)
      terminal.say("Written to \(file), with \(count) records.\n")
    } catch {
      throw .state(error)
    }
    return .done
  }
}
