import Catalog
import Diagnostics
import Manifests
import Model
import Planning

extension Code {
  static let simulateNothing = Code("simulate", "nothing")
  static let simulateUnknownObject = Code("simulate", "unknown-object")
  static let simulateRenames = Code("simulate", "renames")
  static let simulateNoPrice = Code("simulate", "no-price")
  static let simulateUnknownWorkload = Code("simulate", "unknown-workload")
  static let simulateMetrics = Code("simulate", "metrics")
}

/// Why nothing can be said of what would be, in words.
enum SimulateWording {
  static func nothing(_ loss: Loss) -> Diagnostic {
    Diagnostic(
      .simulateNothing, "no node is there that '\(loss)' means", at: .invocation,
      help: "'setpoint get nodes' lists nodes with their pools and zones")
  }

  static func unknownObject(_ setting: FieldSetting, among known: [ObjectID]) -> Diagnostic {
    let mine = known.filter { $0.kind == setting.kind }.map(\.name)
    return Diagnostic(
      .simulateUnknownObject, "'--set \(setting)' means no \(setting.kind.rawValue) that is wanted",
      at: .invocation,
      help: mine.isEmpty
        ? "there is none at all" : "there are \(mine.prefix(10).joined(separator: ", "))")
  }

  static func renames(_ setting: FieldSetting) -> Diagnostic {
    Diagnostic(
      .simulateRenames, "'--set \(setting)' would make another object of it", at: .invocation,
      help: "put an object of that name into a file, and say --add FILE")
  }

  static func noPrice(_ repricing: Repricing) -> Diagnostic {
    Diagnostic(
      .simulateNoPrice, "nothing is sold that '--price \(repricing)' means", at: .invocation,
      help: "say spot, on-demand, all or an instance type, and then a change such as +20%")
  }

  static func unmatchedMetrics(_ unmatched: UnmatchedMetrics, _ path: String) -> Diagnostic {
    let (name, expected) = (unmatched.workload, unmatched.expected)
    return Diagnostic(
      .simulateMetrics,
      expected == 0
        ? "'\(name)' has no autoscaler that could go by 'metrics'"
        : "the point of '\(name)' at \(unmatched.at) tells \(unmatched.given) metrics,"
          + " and its autoscaler has \(expected)",
      at: .path(path),
      help: expected == 0
        ? "write 'replicas' or 'demand' instead, or give the workload an 'autoscale'"
        : "write \(expected) in the order of its 'autoscale', or 'unknown'")
  }

  static func unknownWorkload(
    _ workload: WorkloadName, _ known: [WorkloadName], _ path: String
  ) -> Diagnostic {
    let near = NearestName.suggest(workload.text, among: known.map(\.text))
    return Diagnostic(
      .simulateUnknownWorkload, "there is no workload '\(workload)' that a load could be put on",
      at: .path(path),
      help: near.map { "did you mean '\($0)'?" }
        ?? "the workloads are \(known.prefix(10).map(\.text).joined(separator: ", "))")
  }
}

extension DiagnosticPage {
  static let simulatePages = [
    DiagnosticPage(
      .simulateNothing, "Nothing is there that could be lost.",
      why: "A misspelt name would look like a loss without any consequence.",
      wayOut: "Correct the name: `setpoint get nodes` lists them with their pools and zones.",
      example: event(
        "`setpoint simulate manifests --lose node=h100-99`:",
        SimulateWording.nothing(.node("h100-99")))),
    DiagnosticPage(
      .simulateUnknownObject, "A field is to be set of an object that is not wanted.",
      why: "A misspelt name would look like a change without any consequence.",
      wayOut: "Name an object as KIND/NAME.FIELD=VALUE; `pool` means NodePool.",
      example: event(
        "`setpoint simulate manifests --set pool/h10.nodes=32`:",
        example("pool/h10.nodes=32") {
          SimulateWording.unknownObject($0, among: [ObjectID(.nodePool, "h100")])
        })),
    DiagnosticPage(
      .simulateRenames, "An object's name is to be set.",
      why: "An object is known by its kind and name, so this would be a deletion and an addition.",
      wayOut: "Add the object from a file with `--add`.",
      example: event(
        "`setpoint simulate manifests --set pool/h100.metadata.name=h200`:",
        example("pool/h100.metadata.name=h200", SimulateWording.renames))),
    DiagnosticPage(
      .simulateNoPrice, "No price is known that could become another.",
      why: "A misspelt instance type would look like a change without any consequence.",
      wayOut: "Say `spot`, `on-demand`, `all` or an instance type, such as `p5.48xlarge:spot+20%`.",
      example: event(
        "`setpoint simulate manifests --price p5.48xlrage+20%`:",
        examplePrice)),
    DiagnosticPage(
      .simulateUnknownWorkload, "A load file speaks of a workload that is not wanted.",
      why: "Its load would change nothing, and nobody would see why.",
      wayOut: "Correct the name, or name the manifests that declare the workload.",
      example: event(
        "`setpoint simulate manifests --load load.yaml --hours 24`:",
        SimulateWording.unknownWorkload(WorkloadName("chta"), [WorkloadName("chat")], "load.yaml"))),
    DiagnosticPage(
      .simulateMetrics, "A load tells other metrics than an autoscaler has.",
      why: "Which value belongs to which metric could only be guessed.",
      wayOut: "Write one value for each metric of its `autoscale`, in their order, or `unknown`.",
      example: event(
        "`setpoint simulate manifests --load load.yaml --hours 24`:",
        SimulateWording.unmatchedMetrics(
          UnmatchedMetrics(workload: WorkloadName("chat"), at: .zero, given: 1, expected: 2),
          "load.yaml"))),
  ]

  static let loadPages = [
    DiagnosticPage(
      .loadShape, "A load file is not one document.",
      why: "One simulation has one load: what a second document would mean is anybody's guess.",
      wayOut: "Write one document with `kind: Load`.",
      example: load("# Nothing yet.\n")),
    DiagnosticPage(
      .loadOrder, "Points of a load do not follow one another.",
      why:
        "A point holds until the next one. One that stands too early or too late is a typing mistake.",
      wayOut: "Write points by their times, each time once, and all before `repeatAfter`.",
      example: load(
        """
        apiVersion: setpoint/v1
        kind: Load
        workloads:
          - workload: chat
            points: [{at: 8h, replicas: 12}, {at: 2h, replicas: 4}]

        """)),
  ]

  private static func load(_ text: String) -> Example {
    .document(
      "`setpoint simulate manifests --load load.yaml --hours 24`, with `load.yaml`:",
      SourceText(path: "load.yaml", text: text), { LoadReader.read($0).diagnostics })
  }

  private static var examplePrice: Diagnostic {
    guard let repricing = Repricing("p5.48xlrage+20%") else {
      preconditionFailure("an example is written as it must be")
    }
    return SimulateWording.noPrice(repricing)
  }

  private static func example(
    _ text: String, _ wording: (FieldSetting) -> Diagnostic
  ) -> Diagnostic {
    guard let setting = FieldSetting(text) else {
      preconditionFailure("an example is written as it must be")
    }
    return wording(setting)
  }
}
