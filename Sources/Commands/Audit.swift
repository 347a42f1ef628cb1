public import ArgumentParser
public import Interfaces
import SQLiteStore

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check the record of all that was decided and done.",
    discussion: HelpText.discussion(examples: ["audit verify"]),
    subcommands: [AuditVerify.self])
}

struct AuditVerify: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Find every edit of the record, by its chain.",
    discussion: HelpText.discussion(
      """
      Every revision, intent, outcome and event is linked to the one before it by a digest; this \
      walks from the first to the last, and plays them again. What was changed, deleted, inserted or \
      moved is named. Whoever notes the head elsewhere can give it here later: then a record that was \
      cut off or written anew as a whole shows as well.
      """,
      examples: ["audit verify", "audit verify --head \"$(cat head.txt)\""],
      exits: [
        (Exit.done.rawValue, "the record is whole"),
        (Exit.failed.rawValue, "it was changed, or can't be read"),
      ]))

  @Option(
    help: ArgumentHelp("A head that was printed earlier.", valueName: "number:digest"))
  var head: AuditHead?

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let trail: AuditTrail
    do throws(StoreError) { trail = try await session.store.audit(expecting: head) } catch {
      throw .state(error)
    }
    try terminal.print(
      """
      revisions  \(trail.revisions)
      intents    \(trail.intents) (\(trail.openIntents) open)
      outcomes   \(trail.outcomes)
      events     \(trail.events)
      head       \(trail.head)

      """)
    guard trail.problems.isEmpty else {
      for problem in trail.problems { terminal.say("\(problem)\n") }
      terminal.say("The record was changed.\n")
      return .failed
    }
    terminal.say("The record is whole.\n")
    return .done
  }
}

extension AuditHead: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
