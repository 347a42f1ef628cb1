import ArgumentParser
import Model
import Planning
import SimulatedProvider
import Simulation

struct Simulate: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do something to the simulated world, to see what becomes of it.",
    discussion: "Drills:\n"
      + Drill.usage.map { "  setpoint simulate \($0)" }.joined(separator: "\n")
  )

  @Argument(parsing: .remaining, help: "A drill, such as: lose node NAME.")
  var drill: [String]

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(state: state.path)
    do throws(DrillProblem) {
      let drill = try Drill.parse(drill)
      for line in try session.happen(drill) { terminal.print(line + "\n") }
    } catch {
      throw .problem(WorldWording.drill(error.description))
    }
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
