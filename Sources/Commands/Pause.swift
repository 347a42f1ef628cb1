import ArgumentParser
import Interfaces
import Model
import Planning
import SQLiteStore
import SimulatedProvider

struct Pause: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Leave objects as they are, whatever manifests or the world do.",
    discussion: HelpText.discussion(
      """
      Until 'resume', changes of a paused object's manifest are not taken, nor its removal, and \
      nothing is done to it: no replica of a workload is started or stopped, no node of a pool \
      created or given back, nothing at all in a cluster. A 'run' that is at work heeds it from its \
      next plan on.
      """,
      examples: ["pause Workload/chat --reason 'debugging, Ann'", "pause NodePool/h100"]))

  @Argument(
    help: ArgumentHelp("What is to stay as it is.", valueName: "kind/name"),
    transform: ObjectID.named)
  var objects: [ObjectID]

  @Option(help: "Why, for those who wonder later.")
  var reason = ""

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let known = try await Session(reading: state.path).current().wishes(at: state.path)
      .desired.objects
    for object in objects where !known.contains(object) {
      throw .problem(ObjectWording.unknown(object, among: known))
    }
    let session = try Session(writing: state.path)
    let now = await session.clock.now()
    for object in objects {
      do throws(StoreError) {
        try await session.store.pause(PausedObject(object: object, since: now, reason: reason))
      } catch {
        throw .state(error)
      }
      terminal.say(PauseWording.paused(object))
    }
    return .done
  }
}

struct Resume: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let paused objects go on.",
    discussion: HelpText.discussion(examples: ["resume Workload/chat"]))

  @Argument(
    help: ArgumentHelp("What goes on.", valueName: "kind/name"), transform: ObjectID.named)
  var objects: [ObjectID]

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let stored = try await Session(reading: state.path).current()
    let known = try stored.wishes(at: state.path).desired.objects + stored.paused.map(\.object)
    for object in objects where !known.contains(object) {
      throw .problem(ObjectWording.unknown(object, among: known))
    }
    let session = try Session(writing: state.path)
    let now = await session.clock.now()
    for object in objects {
      let wasPaused: Bool
      do throws(StoreError) {
        wasPaused = try await session.store.resume(object, at: now)
      } catch {
        throw .state(error)
      }
      terminal.say(PauseWording.resumed(object, wasPaused: wasPaused))
    }
    return .done
  }
}
