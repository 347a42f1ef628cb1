import Diagnostics
import Model
import YAML

extension Form<String> {
  /// Any text, kept as it stands.
  static let anyText = Form(
    TextShape(noun: "a text", examples: [], pattern: nil, plain: .anything), code: .wrongType,
    print: { $0.isEmpty ? nil : .text($0) },
    parse: { utf8 throws(TextProblem) in String(decoding: utf8, as: UTF8.self) })

  /// A name that keeps to `rule`.
  static func name(_ rule: NameRule, _ noun: String) -> Form {
    Form(
      TextShape(noun: noun, examples: [], pattern: rule.pattern, plain: .anything), code: rule.code,
      print: { .text($0) },
      parse: { utf8 throws(TextProblem) in
        guard rule.accepts(utf8) else { throw .malformed(help: "expected \(rule.expectation)") }
        return String(decoding: utf8, as: UTF8.self)
      })
  }
}

extension NameRule {
  var code: Code {
    switch self {
    case .object, .foreign: .invalidName
    case .labelKey: .invalidLabelKey
    case .labelValue: .invalidLabelValue
    case .variable: .invalidVariable
    }
  }
}

extension Form {
  /// The name of another object.
  static func reference<Subject>(to noun: String) -> Form where Value == Name<Subject> {
    let form = Form<String>.name(.object, noun)
    return Form(
      form.shape, write: { form.write($0.text) }, read: { form.read($0, &$1).map { Value($0) } })
  }

  /// One of the words of an enumeration.
  static func choice() -> Form
  where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    let all = Array(Value.allCases)
    let words = all.map(\.rawValue)
    return Form(
      .choice(words), write: { .plain($0.rawValue) },
      read: { node, reading in
        for value in all where node.hasText(value.rawValue) { return value }
        reading.report(.unknownValue(node, known: words))
        return nil
      })
  }
}

// MARK: Accelerators

extension Form<AcceleratorModel> {
  static let model = Form(
    TextShape(
      noun: "an accelerator model", examples: ["H100", "A100-80GB"],
      pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"),
    code: .invalidAccelerator, print: { .text($0.text) }, parse: AcceleratorModel.parse)
}

extension Form<[AcceleratorModel]> {
  /// `H100` or `H100|H200`.
  static let anyOfModels = Form(
    TextShape(
      noun: "an accelerator model, or several", examples: ["H100", "H100|H200"],
      pattern: "^[A-Za-z0-9._-]+(\\|[A-Za-z0-9._-]+)*$"),
    code: .invalidAccelerator,
    print: { $0.isEmpty ? nil : .plain($0.map(\.text).joined(separator: "|")) },
    parse: { utf8 throws(TextProblem) in
      let models = try AcceleratorRequest.parseModels(utf8)
      guard !models.isEmpty else {
        throw .malformed(help: "for any model, write 'acceleratorCount: 1..'")
      }
      return models.sorted()
    })
}

extension Form<AcceleratorRequest> {
  /// `H100:8`, or the same as fields with the memory that a device must have.
  static let accelerator: Form = {
    let text = Form(
      TextShape(
        noun: "accelerators", examples: ["H100:8", "H100|H200:8", "H100:500m"],
        pattern: "^[A-Za-z0-9._-]+(\\|[A-Za-z0-9._-]+)*(:[0-9]*\\.?[0-9]*m?)?$"),
      code: .invalidAccelerator, print: { .plain($0.description) }, parse: AcceleratorRequest.parse)
    let fields = Table.acceleratorRequest
    return Form(
      .either(text.shape, .object(fields.description)),
      write: { $0.memoryBytesMin == 0 ? text.write($0) : fields.write($0) },
      read: { node, reading in
        guard node.kind == .mapping else { return text.read(node, &reading) }
        var request = fields.blank
        fields.read(node, into: &request, &reading)
        return request
      })
  }()
}

extension Table<AcceleratorRequest> {
  static let acceleratorRequest = Table(
    "accelerator", blank: AcceleratorRequest(models: [], milliDevices: 1000),
    "The accelerators that one replica asks for."
  ) {
    Field(
      "models", \.sortedModels, .list(of: .model, isUnique: true), example: "[H100, H200]",
      "Any of these models will do; any model at all where left out.")
    Field(
      "count", \.milliDevices, .devices, example: "8",
      "Whole devices, or a share of one: `0.5` or `500m`.")
    Field(
      "memory", \.memoryBytesMin, .amount(.bytes).leftOut(at: 0), example: "80Gi",
      "The memory that each device must have at least.")
  }
}

extension AcceleratorRequest {
  fileprivate var sortedModels: [AcceleratorModel] {
    get { models }
    set { models = newValue.sorted() }
  }
}

extension Form<Int64> {
  fileprivate static let devices = Form(
    TextShape(
      noun: "a number of devices", examples: ["8", "500m"], pattern: "^[0-9]*\\.?[0-9]*m?$",
      plain: .number),
    code: .invalidAccelerator, print: { .plain(Quantity.cores.text($0)) },
    parse: AcceleratorRequest.milliDevices)
}
