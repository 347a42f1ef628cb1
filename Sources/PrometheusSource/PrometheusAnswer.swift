import HTTP
import Interfaces
import JSON
import Model
import Planning

/// What Prometheus says to a query.
struct PrometheusAnswer {
  private let answer: Answer
  private let url: String

  init(_ answer: Answer, from url: String) {
    self.answer = answer
    self.url = url
  }

  /// Those of the one series that the query gives; none where it gives none.
  func measurements() throws(Failure) -> [Measurement] {
    let series = try content().series
    guard series.count <= 1 else {
      throw .terminal(
        "the query gives \(series.count) series, and one number is asked for: add them up"
          + " with 'sum(…)'")
    }
    return series.first?.values ?? []
  }

  /// The newest value of all series together that have the same value of `label`.
  func sums(by label: String) throws(Failure) -> [String: Double] {
    var sums: [String: Double] = [:]
    for series in try content().series {
      guard let name = series.labels[label], let value = series.values.last?.value else { continue }
      sums[name, default: 0] += value
    }
    return sums
  }

  private func content() throws(Failure) -> Content {
    let content: Content
    do throws(JSONProblem) { content = try Content(answer.body) } catch {
      guard answer.isSuccess else {
        throw failure("it answered with status \(answer.status)")
      }
      throw .transient("Prometheus at \(url) gave what can't be read: \(error)")
    }
    guard answer.isSuccess, content.isSuccess else {
      throw failure(content.error ?? "it answered with status \(answer.status)")
    }
    return content
  }

  /// A query that can't be understood and a token that is not taken need a person; the rest may pass.
  private func failure(_ detail: String) -> Failure {
    let said = "Prometheus at \(url): \(detail)"
    return [400, 401, 403, 404, 422].contains(answer.status) ? .terminal(said) : .transient(said)
  }

  private struct Series {
    var labels: [String: String] = [:]
    var values: [Measurement] = []
  }

  private struct Content {
    var isSuccess = false
    var error: String?
    var series: [Series] = []

    init(_ body: [UInt8]) throws(JSONProblem) {
      var content = (isSuccess: false, error: String?.none, series: [Series]())
      var reader = JSONReader(body)
      try reader.object { (name, reader) throws(JSONProblem) in
        switch name {
        case "status": content.isSuccess = try reader.string() == "success"
        case "error": content.error = try reader.string()
        case "data":
          try reader.object { (name, reader) throws(JSONProblem) in
            if name == "result" { content.series = try Self.series(&reader) }
          }
        default: break
        }
      }
      try reader.end()
      (isSuccess, error, series) = content
    }

    /// A scalar is a pair; a vector or a matrix is a list of series, which hold pairs.
    private static func series(
      _ reader: inout JSONReader
    ) throws(JSONProblem) -> [Series] {
      var series: [Series] = []
      var scalar = Pair()
      try reader.array { (reader) throws(JSONProblem) in
        guard try reader.kind() == .object else { return try scalar.read(&reader) }
        var one = Series()
        try reader.object { (name, reader) throws(JSONProblem) in
          switch name {
          case "metric":
            try reader.object { (name, reader) throws(JSONProblem) in
              one.labels[name] = try reader.string()
            }
          case "value": one.values.append(try pair(&reader))
          case "values":
            try reader.array { (reader) throws(JSONProblem) in one.values.append(try pair(&reader))
            }
          default: break
          }
        }
        series.append(one)
      }
      return scalar.isEmpty ? series : [Series(values: [try scalar.measurement(reader)])]
    }

    private static func pair(_ reader: inout JSONReader) throws(JSONProblem) -> Measurement {
      var pair = Pair()
      try reader.array { (reader) throws(JSONProblem) in try pair.read(&reader) }
      return try pair.measurement(reader)
    }
  }

  /// A moment as a number, and a value as a text.
  private struct Pair {
    private var moment: Double?
    private var value: Double?

    var isEmpty: Bool { moment == nil && value == nil }

    mutating func read(_ reader: inout JSONReader) throws(JSONProblem) {
      guard try reader.kind() == .string else {
        moment = try reader.number()
        return
      }
      guard moment != nil else { throw JSONProblem(offset: reader.offset, expected: "a moment") }
      value = Double(try reader.string())
    }

    func measurement(_ reader: JSONReader) throws(JSONProblem) -> Measurement {
      guard let moment, abs(moment) < 1e15, let value else {
        throw JSONProblem(offset: reader.offset, expected: "a moment and a value")
      }
      return Measurement(at: Timestamp(seconds: Int64(moment)), value: value)
    }
  }
}
