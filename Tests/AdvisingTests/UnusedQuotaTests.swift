import Manifests
import Model
import Testing

@testable import Advising

/// Guaranteeing less to queues that hold less.
@Suite struct UnusedQuotaTests {
  private func queue(_ name: String, _ count: Int?, parent: String? = nil, h100: Int? = nil)
    -> QueueSpec
  {
    QueueSpec(
      metadata: Metadata(name: name), parent: parent.map { QueueName($0) },
      quota: Quota(
        accelerators: count, byModel: h100.map { [.init(AcceleratorModel("H100"), $0)] } ?? []))
  }

  private func used(
    _ name: String, _ devices: Int64, hours: Int64 = 168, h100: Int64? = nil
  ) -> QueueUsage {
    QueueUsage(
      queue: QueueName(name), measuredFor: .hours(hours), milliDevicesPeak: devices * 1000,
      byModel: h100.map { [.init(AcceleratorModel("H100"), $0 * 1000)] })
  }

  private func changes(_ lab: Lab) -> [String] {
    UnusedQuotas.proposals(in: lab.situation).flatMap { $0[0].edits }.map {
      "\($0.object.name).\($0.path.dropFirst(2).joined(separator: ".")): \($0.before) → \($0.after)"
    }
  }

  @Test func thePeakAndAMarginIsEnough() {
    var lab = Lab()
    lab.queues = [queue("a", 64)]
    lab.usage.queues = [used("a", 20)]
    #expect(changes(lab) == ["a.accelerators: 64 → 23"])
    lab.usage.queues = [used("a", 0)]
    #expect(changes(lab) == ["a.accelerators: 64 → 0"])
    lab.usage.queues = [used("a", 60)]
    #expect(changes(lab) == [])
  }

  @Test func aWeekMustHavePassed() {
    var lab = Lab()
    lab.queues = [queue("a", 64), queue("b", 64)]
    lab.usage.queues = [used("a", 0, hours: 167)]
    #expect(changes(lab) == [], "and of the other nothing is known")
  }

  @Test func whatIsHeldAndWaitedForNowIsLeft() {
    var lab = Lab()
    lab.queues = [queue("a", 64)]
    lab.workload.queue = QueueName("a")
    lab.stand([2, 1])
    lab.base.pending = [lab.workload.name: 4]
    lab.usage.queues = [used("a", 1)]
    #expect(changes(lab) == ["a.accelerators: 64 → 7"])
  }

  @Test func aParentKeepsWhatItsChildrenAreGuaranteed() {
    var lab = Lab()
    lab.queues = [queue("top", 100), queue("a", 40, parent: "top"), queue("b", 30, parent: "top")]
    lab.usage.queues = [used("top", 10), used("a", 10)]
    // 'b' was not measured and keeps its own.
    #expect(changes(lab) == ["a.accelerators: 40 → 12", "top.accelerators: 100 → 42"])
  }

  @Test func modelsAreToldApartWhereTheyWereMeasured() {
    var lab = Lab()
    lab.queues = [queue("a", nil, h100: 32)]
    lab.usage.queues = [used("a", 8)]
    #expect(changes(lab) == [])
    lab.usage.queues = [used("a", 8, h100: 8)]
    #expect(changes(lab) == ["a.models.H100: 32 → 10"])
  }
}
