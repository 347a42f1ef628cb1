import ArgumentParser
import Diagnostics
import Manifests
import Views

struct Explain: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a field of a manifest or the code of a diagnostic.",
    discussion: HelpText.discussion(
      examples: [
        "explain workload", "explain workload.spec.resources", "explain manifest/unknown-field",
      ]))

  @Argument(help: "A field's path, or a code such as manifest/unknown-field.")
  var subject: String

  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    if subject.contains("/") {
      try terminal.print(page(subject).markdown)
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

  private func page(_ code: String) throws(Trouble) -> DiagnosticPage {
    let pages = DiagnosticPage.all
    if let page = pages.first(where: { $0.code.description == code }) { return page }
    let near = NearestName.suggest(code, among: pages.map(\.code.description))
    throw .problem(ExplainWording.unknownCode(code, near: near))
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
      .explainUnknownCode, "there is no code '\(code)'", at: .invocation,
      help: near.map { "did you mean '\($0)'?" } ?? "codes stand in brackets behind 'error'")
  }
}
