public import ArgumentParser
import Diagnostics
import Glibc

/// The command line: what each command says to its arguments, and what becomes of them, stands in a
/// file of its own under this one.
public struct Setpoint: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "setpoint",
    abstract: "Keeps AI clusters at their setpoint.",
    discussion: """
      Manifests say what is wanted. 'plan' shows what that means for every node, replica and dollar; \
      'apply' does exactly that; 'run' keeps doing it.

      State is kept in .setpoint/state.db, or where --state or SETPOINT_STATE say. Data goes to \
      standard output, talk to standard error.

      Examples:
        setpoint validate manifests
        setpoint plan manifests
        setpoint apply manifests

      Exit codes:
        0    done, or nothing to do
        1    the input is wrong, or the world said no: 'setpoint explain CODE'
        3    a gate is broken by what was to be applied
        64   the command line makes no sense
        70   a bug of Setpoint: it refuses its own plan
        130  stopped by Ctrl-C
      Other codes stand in the help of the commands that have them.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Change",
        subcommands: [
          Validate.self, PlanCommand.self, ReviewCommand.self, Apply.self, Diff.self, Delete.self,
          Rollback.self, Run.self, Pause.self, Resume.self,
        ]),
      CommandGroup(
        name: "Look",
        subcommands: [
          StatusCommand.self, Get.self, Describe.self, Cost.self, Events.self, History.self,
          TakeSnapshot.self, ImportCommand.self,
        ]),
      CommandGroup(
        name: "Care", subcommands: [Doctor.self, Backup.self, Audit.self]),
      CommandGroup(
        name: "Learn",
        subcommands: [
          Advise.self, Assess.self, Simulate.self, DrillCommand.self, Explain.self, Schema.self,
        ]),
      CommandGroup(
        name: "Program", subcommands: [VersionCommand.self, Completion.self]),
    ])

  public init() {}

  /// Answers `setpoint version` and exits; scripts and editors ask it often. Getting ready to read any
  /// other command line takes longer than all else there is to do for this one.
  public static func answerAtOnce() {
    POSIX.ignoreClosedPipes()
    guard CommandLine.arguments.dropFirst().elementsEqual(["version"]) else { return }
    do throws(POSIX.Problem) {
      try POSIX.write(Version.line, to: STDOUT_FILENO)
    } catch {
      // The command itself says what is wrong.
      return
    }
    Glibc.exit(EXIT_SUCCESS)
  }

  /// Runs the command of the process's arguments and exits with its code.
  public static func run() async {
    POSIX.ignoreClosedPipes()
    if let word = CommandLine.arguments.dropFirst().first, let mistake = mistake(in: word) {
      exit(withError: ValidationError(mistake))
    }
    await main()
  }

  /// What is wrong with a first word that is no command; the parser would only call it unexpected.
  private static func mistake(in word: String) -> String? {
    let known = configuration.groupedSubcommands.flatMap { group in
      group.subcommands.compactMap { $0.configuration.commandName }
    }
    guard !word.hasPrefix("-"), word != "help", !known.contains(word) else { return nil }
    let near = NearestName.suggest(word, among: known).map { " Did you mean '\($0)'?" }
    return "There is no command '\(word)'.\(near ?? "")"
  }
}

/// The version of the program, and of what it reads and writes.
enum Version {
  static let text = "0.1.0"

  static let line = "setpoint \(text)\n"
}
