import Model
import Planning
import ProviderContract
import TestSupport
import Testing

@testable import SlurmProvider

@Suite struct TagTests {
  @Test func aNodesTagComesBack() throws {
    var order = Fixture.node("a", .spot)
    order.taints = [Taint(key: "gpu", value: "a b", effect: .noExecute), Taint(key: "x")]
    order.labels = Labels([("rack", ""), ("fabric", "ib,=%")])
    let tag = NodeTag(
      cluster: Fixture.clusterName, key: IdempotencyKey("create lab/a"), order: order,
      at: Timestamp(seconds: 7))
    let read = try #require(Tag(tag.tag.comment).flatMap { NodeTag($0) })
    order.pricePerHour = .zero
    #expect(read.order == order)
    #expect(read.key == tag.key && read.at == tag.at)
    #expect(read.cluster == Fixture.clusterName)
  }

  @Test func aJobsTagComesBack() throws {
    let workload = Fixture.workload(milliDevices: 400)
    guard
      case .startReplica(let order) = Fixture.start(workload, 3, on: "n1", devices: [2])
    else { return }
    var tag = JobTag(
      cluster: Fixture.clusterName, key: IdempotencyKey("start chat/3 on lab/n1 #1"),
      replica: order.replica, resources: workload.resources, type: workload.type)
    #expect(Tag(tag.tag.comment).flatMap { JobTag($0) } == tag)
    tag.stopKey = IdempotencyKey("stop")
    tag.port = 8003
    tag.health = "/ready?all=1 2"
    #expect(Tag(tag.tag.comment).flatMap { JobTag($0) } == tag)
  }

  @Test(arguments: [
    "", "setpoint", "setpoint/2 c=lab", "hello setpoint/1", "setpoint/1 c", "setpoint/1 c=%4",
    "setpoint/1 c=%FF",
  ])
  func otherCommentsAreNotOurs(_ comment: String) {
    #expect(Tag(comment) == nil)
  }

  @Test(.enabled(if: Shared.isPresent)) func anyTextStandsOnOneLine() throws {
    for text in try Naughty.texts() {
      let tag = Tag([("v", text), ("l", Tag.joined([text, "", "b"]))])
      #expect(tag.comment.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
      #expect(Tag(tag.comment) == tag)
    }
  }
}

/// Texts that have broken programs, none of which may do anything here.
struct Naughty: Decodable {
  var strings: [String]

  static func texts() throws -> [String] {
    try Shared.decode(Naughty.self, "corpora/naughty-strings.json").strings
  }
}
