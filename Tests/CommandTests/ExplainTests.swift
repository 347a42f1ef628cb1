import Foundation
import Testing

/// Why things stand where they do, on what was applied.
@Suite struct ExplainTests {
  private func document(_ text: String) throws -> [String: Any] {
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(parsed as? [String: Any])
  }

  @Test func aReplicaAndItsNode() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    let replica = try shell.run("explain web/0")
    #expect(replica.status == 0)
    #expect(
      replica.output.hasPrefix("Replica web/0\n  stands on lab/l4-1, device 0, and stays"),
      "\(replica.output)")
    #expect(replica.output.contains("*  lab/l4-1"))
    #expect(replica.output.contains("1 node without enough free devices"))
    let node = try shell.run("explain lab/l4-1")
    #expect(node.output.contains("is home to 1 replica of web"), "\(node.output)")
    #expect(node.output.contains("nobody would be without a home · +$0.00/h"))
    let told = try document(try shell.run("explain lab/l4-1 -o json").output)
    #expect(told["kind"] as? String == "nodeExplanation")
    #expect(told["replicas"] as? [String] == ["web/0"])
    let without = try #require(told["without"] as? [String: Any])
    #expect((without["moves"] as? [[String: Any]])?.first?["replica"] as? String == "web/0")
  }

  @Test func aPendingReplica() throws {
    let manifests = Small.service(replicas: 3).replacing("nodes: 0..20", with: "nodes: 0..2")
    let shell = try Shell(["web.yaml": manifests])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    let told = try shell.run("explain web/2")
    #expect(told.output.hasPrefix("Replica web/2\n  has no home\n"), "\(told.output)")
    #expect(told.output.contains("2 nodes without enough free devices"))
    #expect(told.output.contains("would fit with: NodePool/l4 spec.nodes up to 3"))
    let json = try document(try shell.run("explain web/2 -o json").output)
    #expect(json["node"] == nil)
    #expect((json["places"] as? [Any])?.isEmpty == true)
    #expect(json["pending"] != nil)
  }

  @Test func whatNobodyKnows() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    let node = try shell.run("explain lab/l4-11")
    #expect(node.status == 1)
    #expect(node.talk.contains("there is no replica, node or code 'lab/l4-11'"), "\(node.talk)")
    #expect(node.talk.contains("did you mean 'lab/l4-1'?"))
    #expect(try shell.run("explain web/7").status == 1)
  }

  @Test func whoOnlyLooksMakesNoState() throws {
    let shell = try Shell()
    #expect(try shell.run("explain web/0").status == 1)
    #expect(!shell.exists(".setpoint"))
  }
}
