import JSON
public import Model
public import Planning

/// What stated demands come to, line by line.
public struct AssessmentView: Sendable {
  let assessments: [Assessment]
  /// Workloads that state a demand which no demand model answers.
  let unanswered: [WorkloadName]
  let style: Style

  public init(_ assessments: [Assessment], unanswered: [WorkloadName] = [], style: Style = Style())
  {
    self.assessments = assessments
    self.unanswered = unanswered
    self.style = style
  }

  public var text: String {
    guard !(assessments.isEmpty && unanswered.isEmpty) else {
      return "No workload states a demand.\n"
    }
    let sections = assessments.map(section) + unanswered.map { [Reports.text(.notAssessed($0))] }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ assessment: Assessment) -> [String] {
    let heading = "Workload/\(assessment.workload) on \(assessment.cluster)"
    var table = Table([.left, .left, .right], indent: 2)
    table.rows = terms(assessment).map { term in
      Table.Row([
        Cell(term.name), Cell(term.product), Cell(text(micro: term.micro)),
      ])
    }
    return [style.heading(heading)] + table.lines(in: style) + cut(assessment) + clamp(assessment)
      + ["  \(division(assessment))", "", "  \(sum(assessment))"]
  }

  private struct Term {
    let name: String
    let product: String
    /// Exact: factors and loads are thousandths, and so their products are millionths.
    let micro: Int128
  }

  private func terms(_ assessment: Assessment) -> [Term] {
    let (model, demand) = (assessment.model, assessment.demand)
    func term(_ name: String, _ factor: Int64, _ load: Int64) -> Term {
      Term(
        name: name,
        product: "\(Quantity.decimal.text(factor)) × \(Quantity.decimal.text(load))",
        micro: Int128(factor) * Int128(load))
    }
    let parts = [
      Term(name: "base", product: "", micro: Int128(model.baseMilli) * 1000),
      term("α·C  compute", model.alphaMilli, demand.computeMilli),
      term("β·S  storage", model.betaMilli, demand.storageMilli),
      term("γ·N  network", model.gammaMilli, demand.networkMilli),
    ]
    return parts + [
      Term(name: "R", product: "", micro: parts.reduce(0) { $0.addingSaturated($1.micro) })
    ]
  }

  /// What is shown adds up to the last digit; what is counted are thousandths of a unit.
  private func cut(_ assessment: Assessment) -> [String] {
    guard let exact = terms(assessment).last?.micro,
      exact != Int128(assessment.unitsMilli) * 1000
    else { return [] }
    return ["  cut to thousandths: \(Quantity.decimal.text(assessment.unitsMilli))"]
  }

  private func clamp(_ assessment: Assessment) -> [String] {
    guard let limits = assessment.limits else { return [] }
    let clamped = Quantity.decimal.text(assessment.clampedUnitsMilli)
    return [
      assessment.isClamped
        ? "  the limits \(limits) make it \(inUnits(clamped))" : "  within the limits \(limits)"
    ]
  }

  private func division(_ assessment: Assessment) -> String {
    let units = Quantity.decimal.text(assessment.clampedUnitsMilli)
    return "\(inUnits(units)) ÷ \(assessment.unitsPerReplica) a replica on pool \(assessment.pool)"
      + " = \(counted(assessment.replicas, "replica"))\(rounding(assessment))"
  }

  private func rounding(_ assessment: Assessment) -> String {
    let milli = Int128(assessment.unitsPerReplica) * Int128(assessment.replicas) * 1000
    if milli == Int128(assessment.clampedUnitsMilli) { return "" }
    return assessment.clampedUnitsMilli == 0 ? ", the least" : ", rounded up"
  }

  private func inUnits(_ number: String) -> String { number == "1" ? "1 unit" : "\(number) units" }

  private func text(micro: Int128) -> String {
    Int64(clamping: micro).decimalText(places: 6, atLeast: 0)
  }

  /// `R = 50 + 0.5 × 1000 + 0.2 × 500 + 0.1 × 200 = 670 units`
  private func sum(_ assessment: Assessment) -> String {
    let products = terms(assessment).map(\.product).filter { !$0.isEmpty }
    let base = Quantity.decimal.text(assessment.model.baseMilli)
    let units = text(micro: terms(assessment).last?.micro ?? 0)
    return "R = \(([base] + products).joined(separator: " + ")) = \(inUnits(units))"
  }

  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "assessments")
      writer.member("items", objects: assessments) { writer, assessment in
        writer.member("workload", assessment.workload.text)
        writer.member("cluster", assessment.cluster.text)
        writer.member("pool", assessment.pool.text)
        writer.member("units", Quantity.decimal.text(assessment.unitsMilli))
        writer.member("clampedUnits", Quantity.decimal.text(assessment.clampedUnitsMilli))
        writer.member("unitsPerReplica", assessment.unitsPerReplica)
        writer.member("replicas", assessment.replicas)
      }
      writer.member("unanswered", unanswered.map(\.text))
    }
  }
}
