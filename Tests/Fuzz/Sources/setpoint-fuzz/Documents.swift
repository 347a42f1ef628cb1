import Diagnostics
import Documents
import Planning

func testPlan(_ bytes: [UInt8]) { test(SavedPlan.self, bytes) }

func testSnapshot(_ bytes: [UInt8]) { test(Snapshot.self, bytes) }

/// What is not read is said to be wrong somewhere; what is read is written as the same again.
private func test<Value: Document>(_: Value.Type, _ bytes: [UInt8]) {
  let read = Value.read(SourceText(path: "it.json", bytes: bytes))
  require(within(bytes.count, read.diagnostics), "a place outside of the text")
  guard let value = read.value else {
    return require(!read.diagnostics.isEmpty, "refused without a reason")
  }
  let text = value.json
  let again = Value.read(SourceText(path: "again.json", text: text))
  require(again.value?.json == text, "not what it says of itself:\n\(text)")
}
