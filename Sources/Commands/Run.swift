public import ArgumentParser
import Execution
import Interfaces
public import Model
import Reconciliation

struct Run: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep what was applied as it is wanted, until stopped.",
    discussion: HelpText.discussion(
      """
      Plans again whenever the world changes, and carries the plan out; a plan that breaks a gate is \
      not. Ctrl-C stops in good order. One run keeps a state at a time.
      """,
      examples: ["run", "run --interval 30s", "run --once"],
      exits: [
        (Exit.done.rawValue, "stopped by Ctrl-C; with --once: everything is at its setpoint"),
        (Exit.failed.rawValue, "it can't go on, and says why"),
        (Exit.interrupted.rawValue, "with --once: stopped by Ctrl-C before that"),
      ]))

  @Flag(help: "End as soon as everything is at its setpoint.")
  var once = false

  @Option(
    help: ArgumentHelp(
      "The longest time between two looks at the world, such as 30s.", valueName: "duration"))
  var interval: Seconds?

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let stored = try await Session(reading: state.path).current()
    let request = ManifestRequest(stored: try stored.wishes(at: state.path))
    guard !request.desired.isEmpty else {
      terminal.say("Nothing was applied yet, so there is nothing to keep.\n")
      return .done
    }
    let session = try Session(writing: state.path)
    let turn = try await Turn.take(session)
    var limits = DriverLimits()
    if let interval { limits.reconciler.resyncEvery = interval }
    let outcome = await drive(session.driver(limits: limits), session, request, turn, terminal)
    await turn.end()
    terminal.say(OutcomeWording.text(outcome))
    switch outcome {
    case .converged: return .done
    case .interrupted: return once ? .interrupted : .done
    case .superseded, .failed, .stalled, .needsPlan, .notPlanned, .storeFailed: return .failed
    }
  }

  private func drive(
    _ driver: Driver, _ session: Session, _ request: ManifestRequest, _ turn: Turn,
    _ terminal: Terminal
  ) async -> Outcome {
    let interrupts = Interrupts()
    let drawing = Drawing(terminal)
    let renewal = Task {
      await turn.hold { lease in
        drawing.end()
        terminal.complain(.problem(StateWording.kept(by: lease, session.path)))
        interrupts.leave()
      }
    }
    defer {
      renewal.cancel()
      interrupts.stop()
      drawing.end()
    }
    let replan = once ? session.replan(request) : session.replanStored
    return once
      ? await driver.converge(
        request.scope, replan: replan, stop: interrupts.requests, progress: drawing.show)
      : await driver.run(
        request.scope, replan: replan, stop: interrupts.requests, progress: drawing.show)
  }
}

extension Session {
  /// Plans whatever is stored by then: another process may have applied something else.
  fileprivate var replanStored: Replan {
    { asked, stored, now throws(PlanningRefusal) in
      let request: ManifestRequest
      do throws(Trouble) {
        request = ManifestRequest(stored: try stored.wishes(at: path))
      } catch {
        throw PlanningRefusal(error.text(coloured: false, width: 100))
      }
      return try await replan(request)(asked, stored, now)
    }
  }
}

extension Seconds: ExpressibleByArgument {
  /// `30s`
  public init?(argument: String) {
    do { self = try Seconds.parse(argument) } catch { return nil }
  }
}
