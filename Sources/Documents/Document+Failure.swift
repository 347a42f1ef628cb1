import Model
public import Planning

/// What the world answered, as the journal keeps it.
extension Failure: Document {
  public static var kind: String { "failure" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout MemberWriter) {
    switch self {
    case .transient(let message): write("transient", message, to: &writer)
    case .conflict(let message): write("conflict", message, to: &writer)
    case .terminal(let message): write("terminal", message, to: &writer)
    case .unknown(let message): write("unknown", message, to: &writer)
    case .outOfStock(let instanceType, let capacityType, let zone):
      writer.member("failure", "outOfStock")
      writer.member("instanceType", instanceType)
      writer.member("capacityType", capacityType.rawValue)
      writer.member("zone", zone)
    }
  }

  private func write(_ word: String, _ message: String, to writer: inout MemberWriter) {
    writer.member("failure", word)
    writer.member("message", message)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    switch try object.text("failure") {
    case "transient": self = .transient(try object.text("message"))
    case "conflict": self = .conflict(try object.text("message"))
    case "terminal": self = .terminal(try object.text("message"))
    case "unknown": self = .unknown(try object.text("message"))
    case "outOfStock":
      self = .outOfStock(
        instanceType: try object.text("instanceType"), try object.word("capacityType"),
        zone: try object.text("zone"))
    default: throw object.problem("failure", .documentShape, "not a failure that is known")
    }
  }
}
