import Diagnostics
import Digests
import Documents
import Model
import Planning
import TestSupport
import Testing

/// What is written reads back as the same value; what is not what it should be is named.
@Suite struct RoundTripTests {
  func check<Value: Document & Equatable>(_ value: Value, _ hint: String) {
    let read = Value.read(SourceText(path: "document.json", text: value.json))
    #expect(read.value == value, "\(hint)")
    #expect(read.diagnostics.isEmpty, "\(hint): \(read.diagnostics)")
  }

  @Test(arguments: 0..<100) func targets(seed: UInt64) {
    var random = SomeValues(seed: seed)
    check(random.target(), "seed \(seed)")
  }

  @Test(arguments: 0..<100) func snapshots(seed: UInt64) {
    var random = SomeValues(seed: seed)
    check(random.snapshot(), "seed \(seed)")
  }

  @Test(arguments: [
    Failure.transient(""), .conflict("null"), .terminal("no\u{2029}#: 'x' \u{0} \u{7F}"),
    .unknown("~"), .outOfStock(instanceType: "p5.48xlarge", .spot, zone: "us-east-1a"),
  ]) func failures(failure: Failure) { check(failure, "\(failure)") }

  @Test(arguments: [
    (#"{"kind": "snapshot", "formatVersion": 2}"#, Code.documentVersion, 38),
    (#"{"kind": "target", "formatVersion": 1}"#, Code.documentShape, 9),
    (#"{"kind": "snapshot", "formatVersion": 1, "at": "noon"}"#, Code.documentShape, 47),
    (#"{"kind": "snapshot", "formatVersion": 1}"#, Code.documentShape, 0),
    (#"[1, 2]"#, Code.documentShape, 0),
  ]) func whatIsWrongHasAPlace(text: String, code: Code, offset: Int) {
    let read = Snapshot.read(SourceText(path: "snapshot.json", text: text))
    #expect(read.value == nil)
    #expect(read.diagnostics.map(\.code) == [code])
    if case .span(let span)? = read.diagnostics.first?.place {
      #expect(span.range.lowerBound == offset)
    } else {
      Issue.record("no place")
    }
  }

  @Test(arguments: ["\"incarnation\": ", "\"key\": \""])
  func aTargetThatWasAlteredGivesItselfAway(member: String) {
    var random = SomeValues(seed: 7)
    let whole = random.target().json
    let text = whole.replacing(member, with: member + "1")
    #expect(text != whole)
    let read = Target.read(SourceText(path: "target.json", text: text))
    #expect(read.value == nil)
    #expect(read.diagnostics.first?.message == "the id is not that of the content")
  }

  @Test func aTargetThatNamesAReplicaTwiceIsRefused() {
    let replica = TargetReplica(
      id: ReplicaID(WorkloadName("web"), 0), node: NodeID(ClusterName("c"), "n"), devices: [],
      revision: Revision("r"), incarnation: 1)
    let twice = Target(
      parent: nil, desired: Digest(of: ""), nodes: [], replicas: [replica], surge: [replica],
      nextNodeOrdinals: [])
    let read = Target.read(SourceText(path: "target.json", text: twice.json))
    #expect(read.value == nil)
    #expect(read.diagnostics.map(\.message) == ["a replica stands here twice"])
  }

  @Test(arguments: ["", "{", "null", "\u{0}"]) func whatIsNoDocumentIsRefused(text: String) {
    let read = Target.read(SourceText(path: "target.json", text: text))
    #expect(read.value == nil)
    #expect(!read.diagnostics.isEmpty)
  }
}
