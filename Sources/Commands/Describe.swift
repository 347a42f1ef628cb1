import ArgumentParser
import Diagnostics
import Interfaces
import Manifests
import Model
import Views

struct Describe: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show all that is known of one object.",
    discussion: HelpText.discussion(
      "Its manifest with all defaults, its nodes or replicas, and what happened to it.",
      examples: ["describe Workload/llama-pretrain", "describe NodePool/h100"]))

  @Argument(
    help: ArgumentHelp("What to describe.", valueName: "kind/name"), transform: ObjectID.named)
  var object: ObjectID

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  private static let eventsMax = 1000

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let status = try await session.status()
    guard let manifest = status.desired.manifest(of: object) else {
      throw .problem(ObjectWording.unknown(object, among: status.desired.objects))
    }
    let events = try await session.events(limit: Self.eventsMax).filter { event in
      event.subject == object.description || event.subject.hasPrefix("\(object.name)/")
    }
    try terminal.print(
      Description(object, manifest: manifest, status: status, events: events)
        .text(in: terminal.style))
    return .done
  }
}

extension DesiredState {
  func manifest(of object: ObjectID) -> String? {
    func text<S: Spec>(_ specs: [S]) -> String? {
      specs.first { $0.id == object }.map { CanonicalText.manifest($0) }
    }
    return switch object.kind {
    case .cluster: text(clusters)
    case .nodePool: text(nodePools)
    case .queue: text(queues)
    case .workload: text(workloads)
    case .gate: text(gates)
    }
  }
}
