import ArgumentParser
import Interfaces
import SimulatedProvider
import Views

struct StatusCommand: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell whether everything is at its setpoint, and if not, what is missing.",
    discussion: HelpText.discussion(
      "Plans what was applied once more, and does nothing.",
      examples: ["status", "status --detailed-exitcode", "status -o metrics"],
      exits: [
        (Exit.changes.rawValue, "not settled or not known to be, with --detailed-exitcode"),
        (Exit.gateBroken.rawValue, "not settled, and a gate stands in the way, with the same"),
      ]))

  /// Conditions that are older than so many events are not told any more.
  private static let eventsMax = 1000

  @Flag(help: "Tell by the exit code whether it is settled.")
  var detailedExitcode = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How to print it; metrics are OpenMetrics text.", valueName: "format"))
  var format = StatusFormat.text

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let request = ManifestRequest(stored: try stored.wishes(at: state.path))
    let prepared = try await session.prepare(request, over: stored)
    let view = StatusView(
      prepared.input, prepared.plan, revision: try await session.history(limit: 1).first,
      openIntents: stored.openIntents, paused: stored.paused,
      events: try await session.events(limit: Self.eventsMax))
    switch format {
    case .text: try terminal.print(view.text(in: terminal.style))
    case .json: try terminal.print(view.json)
    case .metrics: try terminal.print(view.metrics)
    }
    return detailedExitcode ? Exit(view.verdict) : .done
  }
}

/// For people, for programs or for a monitoring system.
enum StatusFormat: String, CaseIterable, ExpressibleByArgument { case text, json, metrics }

extension Exit {
  fileprivate init(_ verdict: StatusView.Verdict) {
    switch verdict {
    case .nothingApplied, .settled: self = .done
    case .unsettled, .unknown: self = .changes
    case .held: self = .gateBroken
    }
  }
}
