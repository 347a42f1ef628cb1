import ArgumentParser
import Model
import Planning
import SimulatedProvider
import Simulation

struct Simulate: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Do something to the simulated world, to see what becomes of it.",
    discussion: "Drills:\n"
      + Drill.usage.map { "  setpoint simulate \($0)" }.joined(separator: "\n") + "\n\n"
      + HelpText.discussion(examples: ["simulate lose node demo/a100-1", "simulate time +30m"]))

  @Argument(parsing: .remaining, help: "What happens, in the words of a drill.")
  var drill: [String]

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(writing: state.path)
    let lines: [String]
    do throws(DrillProblem) {
      lines = try session.happen(Drill.parse(drill))
    } catch {
      throw .problem(WorldWording.drill(error.description))
    }
    try terminal.print(lines.map { $0 + "\n" }.joined())
    return .done
  }
}

extension Session {
  fileprivate func happen(_ drill: Drill) throws(DrillProblem) -> [String] {
    let result: Result<[String], DrillProblem>
    do throws(Failure) {
      result = try world.run(drill)
    } catch {
      throw DrillProblem("\(error)")
    }
    return try result.get()
  }
}
