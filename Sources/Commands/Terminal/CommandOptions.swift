import ArgumentParser
import Views

/// How output is to look, for every command.
struct OutputOptions: ParsableArguments {
  @Flag(name: .customLong("no-color"), help: "Never colour; so does a non-empty NO_COLOR.")
  var noColour = false

  @Flag(name: .shortAndLong, help: "Write everything out: each replica, each node.")
  var verbose = false

  var terminal: Terminal { Terminal(noColour: noColour, isVerbose: verbose) }
}

/// For people or for programs.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

struct FormatOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How to print it.", valueName: "format"))
  var format = OutputFormat.text
}

/// Where Setpoint remembers.
struct StateOptions: ParsableArguments {
  @Option(
    name: .customLong("state"),
    help: ArgumentHelp(
      "The state file; else SETPOINT_STATE, else .setpoint/state.db.", valueName: "file"))
  var state: String?

  static let pathDefault = ".setpoint/state.db"

  var path: String {
    state ?? POSIX.variable("SETPOINT_STATE").flatMap { $0.isEmpty ? nil : $0 }
      ?? Self.pathDefault
  }
}

/// What options mean that several commands have.
enum OptionHelp {
  static let observed = ArgumentHelp(
    "Plan over a snapshot instead of what providers say now.", valueName: "file")
}

/// The manifests that a command is about.
struct ManifestPaths: ParsableArguments {
  @Argument(help: "Files, directories, or - for standard input.")
  var paths: [String]
}

/// Where a plan is to be saved.
struct SavingOption: ParsableArguments {
  @Option(
    name: [.customLong("out"), .customLong("out", withSingleDash: true)],
    help: "Save the plan to this file; 'setpoint apply FILE' carries out exactly it.")
  var out: String?

  func validate() throws {
    guard out == "-" else { return }
    throw ValidationError(
      "-out takes the name of a file; 'setpoint plan -o json' prints a plan as it would be saved")
  }

  /// Saves the plan where that was asked for.
  func save(_ prepared: PreparedPlan, _ terminal: Terminal) throws(Trouble) {
    guard let out else { return }
    try PlanFile.write(prepared.saved, to: out)
    terminal.say(PlanFileWording.saved(out))
  }
}

/// What the commands that change something have in common.
struct ChangeOptions: ParsableArguments {
  @Flag(help: "Don't ask.")
  var yes = false

  @Option(
    name: .customLong("override"),
    help: "A gate that this plan may break; recorded, with the reason. Can be said again.")
  var overrides: [String] = []

  @Option(help: "Why gates are overridden.")
  var reason: String?

  @Option(help: "The id of the plan to whose deletions somebody agreed.")
  var consent: String?

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    let hasReason = reason?.contains { !$0.isWhitespace } ?? false
    if !overrides.isEmpty, !hasReason {
      throw ValidationError("--override needs a --reason, for the record")
    }
    if overrides.isEmpty, reason != nil {
      throw ValidationError("--reason goes with --override GATE")
    }
  }

  /// What whoever typed this agrees to.
  var agreement: Agreement {
    Agreement(isConfirmed: yes, overrides: overrides, reason: reason ?? "", consent: consent)
  }
}

/// A command whose troubles are told in one way.
protocol TalkingCommand: AsyncParsableCommand {
  var output: OutputOptions { get }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit
}

extension TalkingCommand {
  func run() async throws {
    let terminal = output.terminal
    let exit: Exit
    do throws(Trouble) {
      exit = try await perform(terminal)
    } catch {
      terminal.complain(error)
      exit = error.exit
    }
    guard exit == .done else { throw ExitCode(exit.rawValue) }
  }
}

/// A command that needs nothing but its arguments, and only prints.
protocol PrintingCommand: ParsableCommand {
  func print(to terminal: Terminal) throws
}

extension PrintingCommand {
  func run() throws {
    let terminal = Terminal(noColour: false, isVerbose: false)
    do {
      try print(to: terminal)
    } catch let trouble as Trouble {
      terminal.complain(trouble)
      throw ExitCode(trouble.exit.rawValue)
    }
  }
}

extension Terminal {
  func complain(_ trouble: Trouble) {
    say(trouble.text(coloured: talkStyle.isColoured, width: talkStyle.width))
  }
}
