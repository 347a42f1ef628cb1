import Manifests
public import Model

/// Workloads that ask for more than they were found to use.
///
/// Memory is asked for as at its peak and a fifth more, since what goes beyond it is killed; cores as at
/// their peak and at least 15 per cent more than they need for 99 of 100 moments, since what goes
/// beyond them is only slower. These are the margins that the Vertical Pod Autoscaler of Kubernetes
/// documents: 15 per cent on what it recommends, 20 per cent after a kill; "Autopilot: workload
/// autoscaling at Google" (EuroSys 2020) comes to margins of 10 to 15 per cent. Nothing below what was
/// seen is ever proposed.
enum OverAsked: AdviceRule {
  static let memoryMarginPercent: Int64 = 20
  static let marginPercent: Int64 = 15
  /// What is left out of a request at least: less is noise, and not worth starting replicas anew.
  static let worthPercent: Int64 = 10

  static func proposals(in situation: Situation) -> [[Proposal]] {
    situation.desired.workloads.compactMap { workload in
      // What has finished, or was stopped, would be started anew by another request.
      guard situation.canEdit(.workload, workload.name.text),
        situation.base.count(of: workload.name) > 0 || situation.base.pending[workload.name] != nil,
        let usage = situation.workloads[workload.name],
        usage.measuredFor >= WorkloadUsage.enough(for: workload)
      else { return nil }
      let found = [
        cores(workload, usage), memory(workload, usage), devices(workload, usage),
        share(workload, usage, situation),
      ].compactMap(\.self)
      guard !found.isEmpty else { return nil }
      let all = Proposal(found.map(\.edit), .overAsked(usage, found.map(\.excess)))
      // One amount alone may be housed where all of them together are not.
      let single = found.map { Proposal([$0.edit], .overAsked(usage, [$0.excess])) }
      return found.count == 1 ? [all] : [all] + single
    }
  }

  private typealias Found = (edit: FieldEdit, excess: Proposal.Excess)

  private static func cores(_ workload: WorkloadSpec, _ usage: WorkloadUsage) -> Found? {
    guard let peak = usage.cpuMilliPeak else { return nil }
    let asked = workload.resources.amounts.cpuMilli
    let used =
      usage.cpuMilliP99.map { max(peak, raised($0, by: marginPercent)) }
      ?? raised(peak, by: marginPercent)
    // Whole cores stay whole: some providers give out no others.
    let step: Int64 = asked % 1000 == 0 ? 1000 : asked >= 1000 ? 100 : 10
    guard let less = less(than: asked, for: used, in: step) else { return nil }
    let text = Quantity.cores.text
    // As people read them: `12.5`, where a manifest would have `12500m`.
    let said = Quantity.decimal.text
    let words = usage.cpuMilliP99.map { "\(said(peak)) at the peak, \(said($0)) for 99 %" }
    return (
      edit(workload, "cpu", .scalar(text(less)), text(asked), text(less)),
      Proposal.Excess(.cpu, used: words ?? "\(said(peak)) at the peak")
    )
  }

  private static func memory(_ workload: WorkloadSpec, _ usage: WorkloadUsage) -> Found? {
    guard let peak = usage.memoryBytesPeak else { return nil }
    let asked = workload.resources.amounts.memoryBytes
    let used = raised(peak, by: memoryMarginPercent)
    guard let less = less(than: asked, for: used, in: memoryStep(asked)) else { return nil }
    let text = Quantity.bytes.text
    return (
      edit(workload, "memory", .scalar(text(less)), text(asked), text(less)),
      Proposal.Excess(.memory, used: "\(rounded(peak)) at the peak")
    )
  }

  /// Devices that never did anything are not needed, whatever the others did.
  private static func devices(_ workload: WorkloadSpec, _ usage: WorkloadUsage) -> Found? {
    guard let request = workload.resources.accelerator, !request.isShare,
      let peak = usage.devicesPeak, case let less = max(1, peak), less < request.devices
    else { return nil }
    return device(
      workload, request, Int64(less) * 1000,
      Proposal.Excess(.devices, used: "\(peak) did anything"))
  }

  private static func share(
    _ workload: WorkloadSpec, _ usage: WorkloadUsage, _ situation: Situation
  ) -> Found? {
    guard let request = workload.resources.accelerator, request.isShare,
      let peak = usage.deviceMilliPeak, let memory = usage.deviceMemoryBytesPeak,
      let whole = situation.deviceMemoryBytes(of: workload), whole > 0
    else { return nil }
    let part = Int64(clamping: Int128(memory) * 1000 / Int128(whole)).addingSaturated(1)
    let used = raised(max(peak, part), by: marginPercent)
    let step = situation.shareStep(of: workload)
    guard let less = less(than: request.milliDevices, for: used, in: step) else { return nil }
    return device(
      workload, request, less,
      Proposal.Excess(
        .deviceShare,
        used: "\(Quantity.decimal.text(peak)) of its time, \(rounded(memory)) of its memory"))
  }

  private static func device(
    _ workload: WorkloadSpec, _ request: AcceleratorRequest, _ milli: Int64,
    _ excess: Proposal.Excess
  ) -> Found {
    var less = request
    less.milliDevices = milli
    let count = FieldEdit.Value.devices(Quantity.cores.text(milli))
    return (
      edit(workload, "accelerator", count, request.description, less.description), excess
    )
  }

  private static func edit(
    _ workload: WorkloadSpec, _ field: String, _ value: FieldEdit.Value, _ before: String,
    _ after: String
  ) -> FieldEdit {
    FieldEdit(
      workload.id, ["spec", "resources", field], value, before: before, after: after)
  }

  // MARK: Amounts

  /// `used`, rounded up to whole `step`s; nil where that is not worth a change.
  private static func less(than asked: Int64, for used: Int64, in step: Int64) -> Int64? {
    let less = max(step, used.roundedUp(to: step))
    let worth = Int128(asked) * Int128(100 - worthPercent) / 100
    return Int128(less) <= worth ? less : nil
  }

  private static func raised(_ amount: Int64, by percent: Int64) -> Int64 {
    Int64(clamping: (Int128(amount) * Int128(100 + percent) + 99) / 100)
  }

  /// About a sixty-fourth of what is asked, in the units that it is asked in.
  private static func memoryStep(_ asked: Int64) -> Int64 {
    let mebi: Int64 = 1 << 20
    guard asked % mebi == 0 else { return asked >= 8_000_000_000 ? 1_000_000_000 : 100_000_000 }
    guard asked >= mebi << 13 else { return mebi << 7 }
    var step = mebi << 10
    while step <= asked / 128 { step *= 2 }
    return step
  }

  /// As people read it: in the greatest unit of which it is one at least, with a decimal.
  static func rounded(_ bytes: Int64) -> String {
    let units = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    guard let index = units.indices.last(where: { bytes >= 1 << (10 * ($0 + 1)) }) else {
      return "\(bytes)B"
    }
    let tenths = (Int128(bytes) * 10) >> (10 * (index + 1))
    return tenths % 10 == 0
      ? "\(tenths / 10)\(units[index])" : "\(tenths / 10).\(tenths % 10)\(units[index])"
  }
}

extension WorkloadUsage {
  /// How long it has to be measured at least before anything is concluded: a service for three days, of
  /// which each has its own peak; a training for a day, or for as long as it runs.
  public static func enough(for workload: WorkloadSpec) -> Seconds {
    switch workload.type {
    case .inference: .hours(72)
    case .training: min(.hours(24), max(.minutes(10), workload.duration ?? .hours(24)))
    }
  }
}

extension Situation {
  /// Of the smallest device that it stands on; nil where it stands on none.
  fileprivate func deviceMemoryBytes(of workload: WorkloadSpec) -> Int64? {
    base.nodes.filter { $0.replicas[workload.name] != nil }
      .compactMap { $0.capacity.accelerators?.memoryBytes }.min()
  }

  /// The pieces that shares of devices come in.
  fileprivate func shareStep(of workload: WorkloadSpec) -> Int64 {
    desired.clusters.reduce(50) { step, cluster in
      guard workload.mayRun(in: cluster.name), case .kubernetes(let settings) = cluster.provider,
        settings.sharesPerDevice > 0
      else { return step }
      return max(step, Int64(1000 / settings.sharesPerDevice))
    }
  }
}

extension Int64 {
  fileprivate func roundedUp(to step: Int64) -> Int64 {
    let rest = self % step
    return rest == 0 ? self : addingSaturated(step - rest)
  }
}
