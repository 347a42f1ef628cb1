import ArgumentParser
import Model
import Planning
import SimulatedProvider
import Simulation

struct DrillCommand: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "Do something to the simulated world, to see what becomes of it.",
    discussion: "Drills:\n"
      + Drill.usage.map { "  setpoint drill \($0)" }.joined(separator: "\n") + "\n\n"
      + HelpText.discussion(
        "This changes the world of the simulated provider. 'simulate' only thinks it through.",
        examples: ["drill lose node demo/a100-1", "drill time +30m"]))

  @Argument(parsing: .remaining, help: "What happens, in the words of a drill.")
  var drill: [String]

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    try Self.perform(drill, at: state.path, terminal)
  }

  static func perform(
    _ words: [String], at path: String, _ terminal: Terminal
  ) throws(Trouble) -> Exit {
    let session = try Session(writing: path)
    let lines: [String]
    do throws(DrillProblem) {
      lines = try session.happen(Drill.parse(words))
    } catch {
      throw .problem(WorldWording.drill(error.description))
    }
    try terminal.print(lines.map { $0 + "\n" }.joined())
    return .done
  }

  /// Whether these are the words of a drill, and no path of that name is there.
  static func isMeant(by words: [String]) -> Bool {
    guard let first = words.first,
      Drill.usage.contains(where: { $0.split(separator: " ").first.map(String.init) == first })
    else { return false }
    do throws(POSIX.Problem) {
      _ = try POSIX.status(first)
      return false
    } catch {
      return true
    }
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
