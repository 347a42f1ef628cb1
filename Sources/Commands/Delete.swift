import ArgumentParser
import Interfaces
import Model
import SimulatedProvider
import Views

struct Delete: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what deleting objects would do, ask, and do it.",
    discussion: "setpoint delete Workload/llama-pretrain")

  @Argument(help: "KIND/NAME")
  var objects: [ObjectID]

  @Flag(help: "Don't ask.")
  var yes = false

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(state: state.path)
    let stored = try await session.current()
    let desired = try stored.desired(at: state.path)
    for object in objects where !desired.objects.contains(object) {
      throw .problem(ObjectWording.unknown(object, among: desired.objects))
    }
    let request = try ManifestRequest(removing: Set(objects), from: desired)
    let observed = await session.observe(request.allClusters)
    let prepared = try PlanMaker.plan(
      request, state: stored, observed: observed, at: await session.clock.now(),
      saveBugsBeside: state.path)
    terminal.print(PlanView(prepared.plan, style: terminal.style).text)
    return try await Applying(session: session, terminal: terminal)
      .apply(prepared, request, isConfirmed: yes)
  }
}
