import ArgumentParser
import Diagnostics
import Manifests
import Model
import Planning
import Views

struct Explain: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a replica's place, a node, a field of a manifest, or a diagnostic's code.",
    discussion: HelpText.discussion(
      "Of a replica: the node that was chosen, its rivals and what each would spoil; or why it is "
        + "pending, and what would help. Of a node: why it is there, and what would be without it.",
      examples: [
        "explain chat/0", "explain demo/a100-1", "explain workload.spec.resources",
        "explain manifest/unknown-field",
      ]))

  @Argument(help: "WORKLOAD/NUMBER, CLUSTER/NODE, a field's path, or a diagnostic's code.")
  var subject: String

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    if let page = DiagnosticPage.all.first(where: { $0.code.description == subject }) {
      try terminal.print(page.markdown)
      return .done
    }
    if subject.contains("/") {
      try terminal.print(try await placed(in: terminal.style))
      return .done
    }
    switch FieldGuide.topic(subject) {
    case .topic(let topic):
      try terminal.print(FieldTopicView(topic, style: terminal.style).text)
      return .done
    case .unknown(let nearest):
      throw .problem(ExplainWording.unknownField(subject, near: nearest))
    }
  }

  /// What stands behind the name of a replica or a node, by planning what is stored once more.
  private func placed(in style: Style) async throws(Trouble) -> String {
    let parts = subject.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let request = ManifestRequest(stored: try stored.wishes(at: state.path))
    let prepared = try await session.prepare(request, over: stored)
    let node = NodeID(ClusterName(parts[0]), parts[1])
    if let told = Planner.explanation(of: node, prepared.input) {
      let view = NodeExplanationView(told, style: style)
      return format.format == .json ? view.json : view.text
    }
    if let ordinal = Int(parts[1]),
      let told = Planner.explanation(
        of: ReplicaID(WorkloadName(parts[0]), ordinal), prepared.input)
    {
      let view = ReplicaExplanationView(told, style: style)
      return format.format == .json ? view.json : view.text
    }
    throw .problem(unknown(prepared))
  }

  private func unknown(_ prepared: PreparedPlan) -> Diagnostic {
    let codes = DiagnosticPage.all.map(\.code.description)
    let nodes = prepared.plan.target.nodes.map { "\($0.id)" }
    let replicas = prepared.plan.target.replicas.map { "\($0.id)" }
    let near = NearestName.suggest(subject, among: codes + nodes + replicas)
    return ExplainWording.unknownCode(subject, near: near)
  }
}

extension Code {
  static let explainUnknownField = Code("explain", "unknown-field")
  static let explainUnknownCode = Code("explain", "unknown-code")
}

enum ExplainWording {
  static func unknownField(_ path: String, near: String?) -> Diagnostic {
    Diagnostic(
      .explainUnknownField, "there is no field '\(path)'", at: .invocation,
      help: near.map { "did you mean '\($0)'?" }
        ?? "begin with a kind: cluster, nodepool, queue, workload or gate")
  }

  static func unknownCode(_ code: String, near: String?) -> Diagnostic {
    Diagnostic(
      .explainUnknownCode, "there is no replica, node or code '\(code)'", at: .invocation,
      help: near.map { "did you mean '\($0)'?" }
        ?? "'setpoint get replicas' and 'setpoint get nodes' list what there is; codes stand in"
        + " brackets behind 'error'")
  }
}
