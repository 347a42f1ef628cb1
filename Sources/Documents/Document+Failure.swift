public import JSON
import Model
public import Planning

/// What the world answered, as the journal keeps it.
extension Failure: Document {
  public static var kind: String { "failure" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout JSONWriter) {
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

  private func write(_ word: String, _ message: String, to writer: inout JSONWriter) {
    writer.member("failure", word)
    writer.member("message", message)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    func message(
      _ word: String, _ failure: @escaping @Sendable (String) -> Failure
    ) -> ObjectReader.Form<Failure> {
      .init(word) { (object) throws(DocumentProblem) in failure(try object.text("message")) }
    }
    self = try object.oneOf(
      "failure",
      [
        message("transient", Failure.transient), message("conflict", Failure.conflict),
        message("terminal", Failure.terminal), message("unknown", Failure.unknown),
        .init("outOfStock") { (object) throws(DocumentProblem) in
          .outOfStock(
            instanceType: try object.text("instanceType"), try object.word("capacityType"),
            zone: try object.text("zone"))
        },
      ])
  }
}
