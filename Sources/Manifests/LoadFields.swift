public import Diagnostics
public import Model
import YAML

/// What a document of `kind: Load` says. It declares no object; `simulate --load` reads it.
///
///     apiVersion: setpoint/v1
///     kind: Load
///     repeatAfter: 24h
///     workloads:
///       - workload: chat
///         points:
///           - {at: 0h, replicas: 2}
///           - {at: 8h, replicas: 12}
extension Table<LoadCurve> {
  static let loadKindName = "Load"

  static let load = Table(
    loadKindName, blank: LoadCurve(), "How much is asked of workloads as time goes by."
  ) {
    Field(
      "apiVersion", alwaysSays: ManifestFormat.apiVersion, orElse: .apiVersion,
      "The version of this format.")
    Field("kind", alwaysSays: loadKindName, orElse: .kind, "What the document holds.")
    Field(
      "repeatAfter", \.repeatAfter, .duration, example: "24h",
      "How long it is until the curve begins anew; the last values hold on where left out.")
    Field(
      "workloads", \.workloads, .list(of: .fields(.workloadLoad), atLeast: 1),
      example: "[{workload: chat, points: [{at: 0h, replicas: 2}]}]",
      "What is asked of each workload."
    ).required
  }
}

extension Table<WorkloadLoad> {
  fileprivate static let workloadLoad = Table(
    "a workload's load", blank: WorkloadLoad(workload: WorkloadName(""), points: []),
    "What is asked of one workload over time."
  ) {
    Field(
      "workload", \.workload, .reference(to: "the name of a workload"), example: "chat",
      "The workload that it is asked of."
    ).required
    Field(
      "points", \.points, .list(of: .fields(.loadPoint), atLeast: 1),
      example: "[{at: 0h, replicas: 2}, {at: 8h, replicas: 12}]",
      "What holds from when on, by time; before the first one, what the manifest says."
    ).required
  }
}

extension Table<LoadPoint> {
  fileprivate static let loadPoint = Table(
    "a point", blank: LoadPoint(at: .zero, load: .range(CountRange(1))),
    rules: [.exactlyOne("replicas", "demand", "metrics")], "A load, and from when on it holds."
  ) {
    Field(
      "at", \.at, .duration, example: "8h", "How long after the start of the curve it is."
    ).required
    Field(
      "replicas", \.load.range, .counts(0...100_000), example: "12", "How many replicas are wanted."
    )
    Field(
      "demand", \.load.demand, optionalFields: .demand,
      "Loads that the cluster's `demandModel` turns into replicas.")
    Field(
      "metrics", \.load.measured, .measurements, example: "[300, 12]",
      """
      What the metrics of its `autoscale` come to, in their order; `unknown` where nothing is heard.
      """)
  }
}

extension Load {
  fileprivate var range: CountRange? {
    get { if case .range(let range) = self { range } else { nil } }
    set { if let newValue { self = .range(newValue) } }
  }

  fileprivate var demand: Demand? {
    get { if case .demand(let demand) = self { demand } else { nil } }
    set { if let newValue { self = .demand(newValue) } }
  }

  fileprivate var measured: [Int64]? {
    get { if case .measured(let values) = self { values } else { nil } }
    set { if let newValue { self = .measured(newValue) } }
  }
}

extension Form<[Int64]?> {
  /// Numbers, or `unknown`, which is none.
  fileprivate static let measurements: Form = {
    let list = Form<[Int64]>.list(of: .amount(.decimal), atLeast: 1)
    return Form(
      .either(list.shape, .word("unknown")),
      write: { $0.map { $0.isEmpty ? .plain("unknown") : list.write($0) } ?? nil },
      read: { node, reading in
        if node.hasText("unknown") { return .some([]) }
        return list.read(node, &reading).map { .some($0) }
      })
  }()
}

/// The text of a load file → a curve.
public enum LoadReader {
  /// Nil, and one diagnostic at least, where the file can't be taken as it stands.
  public static func read(_ source: SourceText) -> Diagnosed<LoadCurve?> {
    OneDocument(
      table: .load, kind: Table<LoadCurve>.loadKindName, code: .loadShape, check: disorder
    ).read(source) { curve, _ in curve }
  }

  /// What is wrong between entries that are right on their own.
  private static func disorder(of curve: LoadCurve, _ origin: Origin) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var known: [WorkloadName: Span] = [:]
    for (index, entry) in curve.workloads.enumerated() {
      let span = origin.span("workloads", "\(index)", "workload")
      if let first = known[entry.workload] {
        problems.append(.repeatedLoad(entry.workload, span, first: first))
      } else {
        known[entry.workload] = span
      }
      for (number, (earlier, point)) in zip(entry.points, entry.points.dropFirst()).enumerated()
      where point.at <= earlier.at {
        let place = origin.span("workloads", "\(index)", "points", "\(number + 1)", "at")
        problems.append(.unorderedLoad(point.at, after: earlier.at, place))
      }
      guard let end = curve.repeatAfter else { continue }
      if end <= .zero {
        return [.lateLoad(.zero, end: end, origin.span("repeatAfter"))]
      }
      for (number, point) in entry.points.enumerated() where point.at >= end {
        let place = origin.span("workloads", "\(index)", "points", "\(number)", "at")
        problems.append(.lateLoad(point.at, end: end, place))
      }
    }
    return problems
  }
}

extension Diagnostic {
  fileprivate static func repeatedLoad(
    _ workload: WorkloadName, _ span: Span, first: Span
  ) -> Diagnostic {
    Diagnostic(
      .repeatedItem, "the load of '\(workload)' a second time", at: .span(span),
      notes: [Note(span: first, text: "first given here")], help: "put all its points into one list"
    )
  }

  fileprivate static func unorderedLoad(
    _ at: Seconds, after earlier: Seconds, _ span: Span
  ) -> Diagnostic {
    Diagnostic(
      .loadOrder, "the point at \(at) follows one at \(earlier)", at: .span(span),
      help: "write points in the order of their times, each time once")
  }

  fileprivate static func lateLoad(_ at: Seconds, end: Seconds, _ span: Span) -> Diagnostic {
    Diagnostic(
      .loadOrder,
      end <= .zero
        ? "a curve that begins anew at once" : "the point at \(at) is never reached",
      at: .span(span),
      help: end <= .zero
        ? "give 'repeatAfter' a length such as '24h'"
        : "the curve begins anew after \(end)")
  }
}
