import Autoscaling
import JSON
import Model

extension ScaleDecision: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("replicas", replicas)
    writer.member("reason", reason.rawValue)
    writer.member("needMilli", ifPresent: needMilli)
    writer.member("expectedMilli", ifPresent: expectedMilli)
    writer.member("moment", ifPresent: moment?.description)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      replicas: try object.int("replicas"), reason: try object.word("reason"),
      needMilli: try object.optionalInt64("needMilli"),
      expectedMilli: try object.optionalInt64("expectedMilli"),
      moment: try object.optionalForm("moment"))
  }
}
