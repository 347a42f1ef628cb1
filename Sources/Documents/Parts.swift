import JSON
import Model

// Values that many documents hold.

extension Labels.Pair: DocumentPart {
  static var partName: String { "Label" }

  func write(to writer: inout JSONWriter) {
    writer.member("key", key)
    writer.member("value", value)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(try object.text("key"), try object.text("value"))
  }
}

extension Taint: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("key", key)
    writer.member("value", value)
    writer.member("effect", effect.rawValue)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      key: try object.text("key"), value: try object.text("value"),
      effect: try object.word("effect"))
  }
}

extension Resources: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("cpuMilli", cpuMilli)
    writer.member("memoryBytes", memoryBytes)
    writer.member("storageBytes", storageBytes)
    writer.member("networkBitsPerSecond", networkBitsPerSecond)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      cpuMilli: try object.int64("cpuMilli"), memoryBytes: try object.int64("memoryBytes"),
      storageBytes: try object.int64("storageBytes"),
      networkBitsPerSecond: try object.int64("networkBitsPerSecond"))
  }
}

extension Accelerators: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("model", model.text)
    writer.member("count", count)
    writer.member("memoryBytes", memoryBytes)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      model: AcceleratorModel(try object.text("model")), count: try object.int("count"),
      memoryBytes: try object.int64("memoryBytes"))
  }
}

extension NodeCapacity: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("amounts", amounts)
    writer.member("accelerators", ifPresent: accelerators)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      amounts: try object.part("amounts"), accelerators: try object.optionalPart("accelerators"))
  }
}

extension AcceleratorRequest: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("models", models.map(\.text))
    writer.member("milliDevices", milliDevices)
    writer.member("memoryBytesMin", memoryBytesMin)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      models: try object.texts("models").map(AcceleratorModel.init),
      milliDevices: try object.int64("milliDevices"),
      memoryBytesMin: try object.int64("memoryBytesMin"))
  }
}

extension ReplicaResources: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("amounts", amounts)
    writer.member("accelerator", ifPresent: accelerator)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      amounts: try object.part("amounts"), accelerator: try object.optionalPart("accelerator"))
  }
}
