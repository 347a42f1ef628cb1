import Diagnostics
import Manifests
import Model

extension Code {
  static let usageUnknown = Code("usage", "unknown")
  static let usageImplausible = Code("usage", "implausible")
}

/// Why a usage file says nothing, in words.
enum AdviseWording {
  static func unknown(
    _ kind: Kind, _ name: String, among known: [String], _ span: Span
  ) -> Diagnostic {
    let noun = kind.rawValue.lowercased()
    let near = NearestName.suggest(name, among: known)
    return Diagnostic(
      .usageUnknown, "there is no \(noun) '\(name)' that could have used anything",
      at: .span(span),
      help: near.map { "did you mean '\($0)'?" }
        ?? (known.isEmpty
          ? "there is no \(noun) at all"
          : "the \(noun)s are \(known.prefix(10).joined(separator: ", "))"))
  }

  static func implausible(_ words: String, _ span: Span) -> Diagnostic {
    Diagnostic(
      .usageImplausible, words, at: .span(span),
      help: "each amount is that of one replica; correct it, or leave the field out")
  }
}

extension DiagnosticPage {
  static let usagePages = [
    DiagnosticPage(
      .usageShape, "A usage file is not one document.",
      why: "One advice goes by one account of what was used.",
      wayOut: "Write one document with `kind: Usage`.",
      example: .document(
        "`setpoint advise manifests --usage usage.yaml`, with `usage.yaml`:",
        SourceText(path: "usage.yaml", text: "# Nothing yet.\n"),
        { UsageReader.read($0).diagnostics })),
    DiagnosticPage(
      .usageUnknown, "A usage file speaks of a workload or a queue that is not wanted.",
      why: "What was measured of it would lead to nothing, and nobody would see why.",
      wayOut: "Correct the name, or name the manifests that declare it.",
      example: usage(
        "workloads: [{workload: chta, measuredFor: 7d, memoryPeak: 11Gi}]",
        {
          AdviseWording.unknown(
            .workload, "chta", among: ["chat"], $0.span("workloads", "0", "workload"))
        })),
    DiagnosticPage(
      .usageImplausible, "A usage file says what can't be.",
      why: "Manifests would be changed by a typing mistake, or by a metric of something else.",
      wayOut:
        "Write what the replica that used most of it used, with the right unit; or leave it out.",
      example: usage(
        "workloads: [{workload: chat, measuredFor: 7d, memoryPeak: 11Ti}]",
        {
          AdviseWording.implausible(
            "11Ti of memory, and no node has more than 1.9Ti",
            $0.span("workloads", "0", "memoryPeak"))
        })),
  ]

  private static func usage(
    _ text: String, _ problem: @escaping @Sendable (Origin) -> Diagnostic
  ) -> Example {
    .document(
      "`setpoint advise manifests --usage usage.yaml`, with `usage.yaml`:",
      SourceText(
        path: "usage.yaml", text: "apiVersion: setpoint/v1\nkind: Usage\n\(text)\n"),
      { source in
        let read = UsageReader.read(source)
        return read.diagnostics + (read.value.map { [problem($0.origin)] } ?? [])
      })
  }
}
