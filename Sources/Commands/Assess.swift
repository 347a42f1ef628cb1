import ArgumentParser
import Model
import Planning
import Views

struct Assess: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "assess",
    abstract: "Show how stated demands come to numbers of replicas.",
    discussion: HelpText.discussion(examples: ["assess manifests", "assess manifests -o json"]))

  @OptionGroup var manifests: ManifestPaths

  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let request = try ManifestRequest(manifests.paths, beside: .empty)
    terminal.warn(request)
    let demanding = request.desired.workloads.filter { workload in
      if case .demand = workload.replicas { true } else { false }
    }
    let assessments = demanding.compactMap { Assessment(of: $0, in: request.desired) }
    let answered = Set(assessments.map(\.workload))
    let view = AssessmentView(
      assessments, unanswered: demanding.map(\.name).filter { !answered.contains($0) },
      style: terminal.style)
    switch format.format {
    case .text: try terminal.print(view.text)
    case .json: try terminal.print(view.json)
    }
    return .done
  }
}
