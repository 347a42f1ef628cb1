import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

@Suite struct UsageTests {
  private static let head = "apiVersion: setpoint/v1\nkind: Usage\n"

  private func read(_ text: String) -> Diagnosed<UsageFile?> {
    UsageReader.read(SourceText(path: "usage.yaml", text: text))
  }

  @Test func aFileIsWhatWasUsed() {
    let read = read(
      Self.head + """
        workloads:
          - workload: chat
            measuredFor: 7d
            cpuPeak: 2.5
            cpuP99: 1900m
            memoryPeak: 11Gi
            devicesPeak: 1
            deviceUsePeak: 0.34
            deviceMemoryPeak: 9Gi
        queues:
          - {queue: nlp, measuredFor: 30d, accelerators: 12, models: {H100: 8}}
        queries: {memoryPeak: 'max(x{app="$workload"}[$since])'}

        """)
    #expect(read.diagnostics == [])
    #expect(
      read.value?.usage.workloads == [
        WorkloadUsage(
          workload: WorkloadName("chat"), measuredFor: .hours(168), cpuMilliPeak: 2500,
          cpuMilliP99: 1900, memoryBytesPeak: 11 << 30, devicesPeak: 1, deviceMilliPeak: 340,
          deviceMemoryBytesPeak: 9 << 30)
      ])
    #expect(
      read.value?.usage.queues == [
        QueueUsage(
          queue: QueueName("nlp"), measuredFor: .hours(720), milliDevicesPeak: 12_000,
          byModel: [.init(AcceleratorModel("H100"), 8000)])
      ])
    #expect(read.value?.usage.queries.memoryPeak == "max(x{app=\"$workload\"}[$since])")
  }

  /// Each with the mark where it must be shown.
  @Test(arguments: [
    ("workloads: 1️⃣[]\n", Code.emptyList),
    ("workloads: [{workload: a, measuredFor: 7d, memoryPeak: 1️⃣11}]\n", .missingUnit),
    ("workloads: [{workload: a, measuredFor: 7d, memoryPeak: 1️⃣-11Gi}]\n", .invalidQuantity),
    ("workloads: [{workload: a, measuredFor: 7d, cpuPeak: 1️⃣NaN}]\n", .invalidQuantity),
    ("workloads: [{workload: a, measuredFor: 7d, cpuPeak: 1️⃣.inf}]\n", .invalidQuantity),
    ("workloads: [{workload: a, measuredFor: 7d, devicesPeak: 1️⃣1.5}]\n", .invalidInteger),
    ("workloads: [{workload: a, measuredFor: 1️⃣7, cpuPeak: 1}]\n", .missingUnit),
    ("workloads: [{1️⃣workload: a, memoryPeak: 1Gi}]\n", .missingField),
    ("workloads: [{workload: a, measuredFor: 7d, 1️⃣memoryPaek: 1Gi}]\n", .unknownField),
    (
      "workloads: [{workload: a, measuredFor: 7d, cpuPeak: 1},"
        + " {workload: 1️⃣a, measuredFor: 7d, cpuPeak: 1}]\n", .repeatedItem
    ),
    (
      "queues: [{queue: a, measuredFor: 7d, accelerators: 1},"
        + " {queue: 1️⃣a, measuredFor: 7d, accelerators: 1}]\n", .repeatedItem
    ),
    ("workloads: 1️⃣a: b\n", Code("yaml", "syntax")),
  ]) func whatIsWrongHasAPlace(text: String, code: Code) {
    let marked = MarkedText(Self.head + text)
    let read = read(marked.text)
    #expect(read.value == nil)
    #expect(read.diagnostics.first?.code == code, "\(read.diagnostics)")
    guard code != Code("yaml", "syntax"), case .span(let span)? = read.diagnostics.first?.place
    else { return }
    #expect(span.range.lowerBound == marked.offset("1️⃣"), "\(text)")
  }

  @Test(arguments: ["", "# nothing\n", "kind: Usage\n---\nkind: Usage\n", Self.head])
  func oneDocumentThatSaysSomethingIsOneFile(text: String) {
    let read = read(text)
    #expect(read.value == nil)
    #expect(!read.diagnostics.isEmpty && read.diagnostics.allSatisfy { $0.severity == .error })
  }
}
