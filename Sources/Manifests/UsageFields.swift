public import Diagnostics
public import Model
import YAML

/// What a document of `kind: Usage` says. It declares no object; `advise --usage` reads it.
///
///     apiVersion: setpoint/v1
///     kind: Usage
///     workloads:
///       - {workload: chat, measuredFor: 7d, cpuPeak: 2.5, cpuP99: 1.9, memoryPeak: 11Gi}
///     queues:
///       - {queue: notebooks, measuredFor: 30d, accelerators: 3}
extension Table<Usage> {
  static let usageKindName = "Usage"

  static let usage = Table(
    usageKindName, blank: Usage(), rules: [.atLeastOne("workloads", "queues", "queries")],
    "What workloads and queues were found to use."
  ) {
    Field(
      "apiVersion", alwaysSays: ManifestFormat.apiVersion, orElse: .apiVersion,
      "The version of this format.")
    Field("kind", alwaysSays: usageKindName, orElse: .kind, "What the document holds.")
    Field(
      "workloads", \.workloads, .list(of: .fields(.workloadUsage), atLeast: 1),
      example: "[{workload: chat, measuredFor: 7d, memoryPeak: 11Gi}]",
      "What each workload used; each amount is that of the replica that used most of it.")
    Field(
      "queues", \.queues, .list(of: .fields(.queueUsage), atLeast: 1),
      example: "[{queue: nlp, measuredFor: 30d, accelerators: 12}]",
      "What the workloads of each queue, and of those below it, held at the same time.")
    Field(
      "queries", \.queries, fields: .usageQueries,
      """
      PromQL for what is not told here, where a workload's names are not those of its provider: \
      `$workload` is its name, `$since` the time that is looked back.
      """)
  }
}

extension Table<WorkloadUsage> {
  fileprivate static let workloadUsage = Table(
    "a workload's usage",
    blank: WorkloadUsage(workload: WorkloadName(""), measuredFor: .zero),
    rules: [
      .atLeastOne(
        "cpuPeak", "cpuP99", "memoryPeak", "devicesPeak", "deviceUsePeak", "deviceMemoryPeak")
    ],
    "What one replica of a workload used: the one that used most."
  ) {
    Field(
      "workload", \.workload, .reference(to: "the name of a workload"), example: "chat",
      "The workload that it was measured of."
    ).required
    Field(
      "measuredFor", \.measuredFor, .duration, example: "7d",
      "How long it was measured in all, without the gaps."
    ).required
    Field("cpuPeak", \.cpuMilliPeak, .amount(.cores), example: "2.5", "The most cores at any time.")
    Field(
      "cpuP99", \.cpuMilliP99, .amount(.cores), example: "1.9",
      "The cores that it stayed below for 99 of 100 moments.")
    Field("memoryPeak", \.memoryBytesPeak, .amount(.bytes), example: "11Gi", "The most memory.")
    Field(
      "devicesPeak", \.devicesPeak, .integer(0...1024), example: "3",
      "The most accelerators that did anything at the same time.")
    Field(
      "deviceUsePeak", \.deviceMilliPeak, .amount(.cores), example: "0.3",
      "The greatest part of one accelerator's time that it was at work: `0.3` or `300m`.")
    Field(
      "deviceMemoryPeak", \.deviceMemoryBytesPeak, .amount(.bytes), example: "9Gi",
      "The most memory of one accelerator.")
  }
}

extension Table<QueueUsage> {
  fileprivate static let queueUsage = Table(
    "a queue's usage",
    blank: QueueUsage(queue: QueueName(""), measuredFor: .zero, milliDevicesPeak: 0),
    "What a queue's workloads held."
  ) {
    Field(
      "queue", \.queue, .reference(to: "the name of a queue"), example: "nlp",
      "The queue that they are in."
    ).required
    Field(
      "measuredFor", \.measuredFor, .duration, example: "30d",
      "How long it was looked at in all, without the gaps."
    ).required
    Field(
      "accelerators", \.milliDevicesPeak, .amount(.cores), example: "12",
      "The most accelerators at the same time, of all models together."
    ).required
    Field(
      "models", \.modelCounts, .countsByModel, example: "{H100: 8}",
      "The most of each model; one that is not named here was not used.")
  }
}

extension QueueUsage {
  fileprivate var modelCounts: [Quota.Entry]? {
    get {
      byModel?.map { Quota.Entry($0.model, Int(clamping: ($0.milliDevicesPeak + 999) / 1000)) }
    }
    set {
      byModel = newValue?.map { Entry($0.model, Int64($0.count).multipliedSaturated(by: 1000)) }
    }
  }
}

extension Table<UsageQueries> {
  fileprivate static let usageQueries = Table(
    "queries", blank: UsageQueries(), "PromQL that gives one number each."
  ) {
    query("measuredFor", \.measuredFor, "The seconds in which anything was measured of it.")
    query("cpuPeak", \.cpuPeak, "The most cores of one replica.")
    query("cpuP99", \.cpuP99, "The cores that one replica stayed below for 99 of 100 moments.")
    query("memoryPeak", \.memoryPeak, "The most bytes of one replica.")
    query("devicesPeak", \.devicesPeak, "The most accelerators of one replica that did anything.")
    query("deviceUsePeak", \.deviceUsePeak, "The greatest part of one accelerator's time, 0 to 1.")
    query("deviceMemoryPeak", \.deviceMemoryPeak, "The most bytes of one accelerator.")
  }

  private static func query(
    _ name: String, _ path: any WritableKeyPath<UsageQueries, String?> & Sendable,
    _ documentation: String
  ) -> Field<UsageQueries> {
    Field(
      name, path, .anyText, example: "'max(used{app=\"$workload\"}[$since])'", documentation)
  }
}

/// What a usage file says, and where.
public struct UsageFile: Sendable {
  public let usage: Usage
  public let origin: Origin
}

/// The text of a usage file → what was used.
public enum UsageReader {
  /// Nil, and one diagnostic at least, where the file can't be taken as it stands.
  public static func read(_ source: SourceText) -> Diagnosed<UsageFile?> {
    OneDocument(
      table: .usage, kind: Table<Usage>.usageKindName, code: .usageShape,
      check: { usage, origin in
        repeated(usage.workloads.map(\.workload.text), "workload", origin)
          + repeated(usage.queues.map(\.queue.text), "queue", origin)
      }
    ).read(source, as: UsageFile.init)
  }

  private static func repeated(
    _ names: [String], _ noun: String, _ origin: Origin
  ) -> [Diagnostic] {
    var known: [String: Span] = [:]
    return names.enumerated().compactMap { index, name in
      let span = origin.span(noun + "s", "\(index)", noun)
      guard let first = known[name] else {
        known[name] = span
        return nil
      }
      return Diagnostic(
        .repeatedItem, "the usage of '\(name)' a second time", at: .span(span),
        notes: [Diagnostic.Note(span: first, text: "first given here")],
        help: "put all that was measured of it into one entry")
    }
  }
}
