extension AcceleratorModel: TextForm {
  /// Letters, digits, `-`, `_` and `.`, a letter or digit first, at most 63: `H100`, `A100-80GB`.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> AcceleratorModel {
    guard NameRule.labelValue.accepts(utf8), !utf8.isEmpty else { throw .malformed }
    return AcceleratorModel(String(decoding: utf8, as: UTF8.self))
  }
}

extension AcceleratorRequest: TextForm {
  /// The word for a device of whatever model.
  static let anyModel = "any"
  /// The most devices that one replica may ask for.
  public static let devicesMax: Int64 = 1024

  /// `H100`, `H100:8`, `H100:0.5`, `H100:500m`, `H100|H200:8`, `any:1`.
  ///
  /// Devices come whole, or as a share of one. The memory that a device must have is not part of the
  /// text.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> AcceleratorRequest {
    let colon = utf8.firstIndex(of: UInt8(ascii: ":")) ?? utf8.endIndex
    let models = try parseModels(utf8[..<colon])
    guard colon < utf8.endIndex else {
      return AcceleratorRequest(models: models, milliDevices: 1000)
    }
    let count = try milliDevices(utf8[(colon + 1)...])
    return AcceleratorRequest(models: models, milliDevices: count)
  }

  /// `H100`, `H100|H200`, or `any`, which is no model.
  public static func parseModels(
    _ utf8: ArraySlice<UInt8>
  ) throws(TextProblem) -> [AcceleratorModel] {
    if utf8.elementsEqual(anyModel.utf8) { return [] }
    var models: [AcceleratorModel] = []
    for name in utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
      if name.elementsEqual(anyModel.utf8) { throw .malformed(help: "'any' stands alone") }
      let model = try AcceleratorModel.parse(name)
      if models.contains(model) { throw .malformed(help: "name '\(model)' once") }
      models.append(model)
    }
    return models
  }

  /// A number of devices in thousandths: `8`, or a share of one as `0.5` or `500m`.
  public static func milliDevices(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Int64 {
    let milli = try Quantity.cores.parse(utf8)
    guard milli > 0, milli <= devicesMax * 1000 else {
      throw .outOfRange(bound: "a share above 0, or 1 to \(devicesMax) devices")
    }
    guard milli < 1000 || milli % 1000 == 0 else {
      throw .outOfRange(bound: "whole devices, or a share of one device")
    }
    return milli
  }

  /// `H100:8`; without the memory that is asked for.
  public var description: String {
    let names = models.map(\.text).joined(separator: "|")
    return (names.isEmpty ? Self.anyModel : names) + ":" + Quantity.cores.text(milliDevices)
  }
}

extension Accelerators: CustomStringConvertible {
  /// `H100:8`.
  public var description: String { "\(model):\(count)" }
}
