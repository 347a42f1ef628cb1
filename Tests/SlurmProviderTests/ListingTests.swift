import JSON
import Model
import Testing

@testable import SlurmProvider

@Suite struct ListingTests {
  @Test func nodesAsRecorded() throws {
    let listing = try Recorded.nodes()
    #expect(listing.unreadableCount == 0)
    #expect(listing.elements.map(\.name) == ["c1", "c2", "c3", "n1", "n2"])
    let n2 = try #require(listing.elements.last)
    #expect(n2.states.isSuperset(of: ["MIXED", "DRAIN"]))
    #expect(n2.reason == "fan broken")
    #expect(n2.gres == "gpu:h100:4,shard:h100:40")
    #expect(n2.cpus == 64 && n2.memoryMiB == 1_000_000)
    #expect(n2.partitions == ["gpu", "low"])
    #expect(n2.feature("zone") == "us-east-1a")
    #expect(listing.elements[1].isPoweredDown)
    #expect(Tag(listing.elements[0].comment)?["n"] == "a")
  }

  @Test func jobsAsRecorded() throws {
    let listing = try Recorded.jobs()
    #expect(listing.unreadableCount == 0)
    let jobs = listing.elements.sorted { $0.id < $1.id }
    #expect(jobs.map(\.id) == [1, 2, 3, 4, 5, 6, 7])
    #expect(jobs[0].states == ["RUNNING"] && jobs[0].nodes == "n1")
    #expect(jobs[0].allocations == [.init(node: "n1", cores: 2, memoryMiB: 1024)])
    #expect(jobs[0].gresDetail == ["gpu:h100:2(IDX:0-1)"])
    #expect(jobs[1].waitsForItsTwin)
    #expect(jobs[3].shares.map(\.node) == ["n1", "n2"])
    #expect(jobs[3].shares.map(\.cores) == [3, 3])
    #expect(jobs[4].states == ["FAILED"] && !jobs[4].isRefused && !jobs[4].holdsNodes)
    #expect(jobs[5].isRefused)
    #expect(jobs[6].isPending && !jobs[6].holdsNodes)
  }

  /// Releases after 22.05 write states as lists and numbers as objects.
  @Test func newerShapes() throws {
    let nodes = try SlurmNode.list(
      Array(
        """
        {"nodes": [{"name": "n1", "state": ["IDLE", "CLOUD"], "partitions": ["gpu"],
          "active_features": ["zone=a", "fast"], "cpus": 8, "real_memory": 100,
          "boot_time": {"set": true, "infinite": false, "number": 17},
          "last_busy": {"set": false, "infinite": false, "number": 9}}]}
        """.utf8)
    ).elements
    #expect(nodes.map(\.states) == [["IDLE", "CLOUD"]])
    #expect(nodes.map(\.bootTime) == [17] && nodes.map(\.busyUntil) == [0])
    #expect(nodes.first?.labels["fast"] == "true")
    let jobs = try SlurmJob.list(
      Array(
        """
        {"jobs": [{"job_id": 7, "job_state": ["CANCELLED", "COMPLETING"], "nodes": "n[1-2]",
          "cpus": {"set": true, "number": 4}, "memory_per_node": {"set": true, "number": 10},
          "job_resources": {"nodes": {"list": "n[1-2]"}}}]}
        """.utf8)
    ).elements
    #expect(jobs.map(\.holdsNodes) == [true])
    #expect(
      jobs.first?.shares == [
        .init(node: "n1", cores: 2, memoryMiB: 10), .init(node: "n2", cores: 2, memoryMiB: 10),
      ])
  }

  @Test func entriesThatAreNoUseAreCounted() throws {
    let listing = try SlurmNode.list(
      Array(#"{"nodes": [7, {"name": ""}, {"name": "n1", "state": "idle"}]}"#.utf8))
    #expect(listing.elements.map(\.name) == ["n1"])
    #expect(listing.unreadableCount == 2)
  }

  @Test(arguments: [
    "", "{", "[]", "{}", #"{"nodes": {}}"#, #"{"errors": []}"#,
    #"{"nodes": [{"name": "n1", "state": "idle"}"#, #"{"nodes": []} x"#,
  ])
  func whatIsNoListIsRefused(_ text: String) {
    #expect(throws: JSONProblem.self) { try SlurmNode.list(Array(text.utf8)) }
  }

  @Test(arguments: [
    (#"{"errors": [], "nodes": []}"#, nil), (#"{"nodes": [], "errors": null}"#, nil),
    (#"{"errors": [{"error": "no", "description": "x"}, {"error": "n"}]}"#, "no"),
    (#"{"nodes": [], "errors": [7, {"description": "not now"}]}"#, "not now"),
    (#"{"nodes": [], "errors": [{"error_number": 5}]}"#, "Unspecified error"),
  ])
  func listsWithErrors(_ text: String, _ error: String?) throws {
    #expect(try SlurmNode.list(Array(text.utf8)).error == error)
  }

  @Test func answersCutOffAnywhereAreRefused() throws {
    let bytes = try Recorded.bytes("squeue")
    let end = bytes.count - 2
    for count in stride(from: 0, to: end, by: 97) {
      #expect(throws: JSONProblem.self) { try SlurmJob.list(Array(bytes[..<count])) }
    }
  }

  @Test func genericResources() {
    let all = Gres.list("gpu:a100:2(IDX:0-1),gpu:8,shard:(null):0(IDX:N/A),shard:80,x")
    #expect(all.map(\.name) == ["gpu", "gpu", "shard"])
    #expect(all.map(\.type) == ["a100", "", ""])
    #expect(all.map(\.count) == [2, 8, 80])
    #expect(all[0].indices == [0, 1])
    #expect(Gres.list("gpu:a100:3(IDX:0,2-3)").first?.indices == [0, 2, 3])
    #expect(Gres.list("gpu:a100:1(IDX:0-999999999)").first?.indices == [])
    #expect(Gres.list("").isEmpty && Gres.list("gpu:-1").isEmpty)
  }

  @Test func hostLists() {
    #expect(
      HostList.expand("n[1-3,7],c1,d[08-10]x") == [
        "n1", "n2", "n3", "n7", "c1", "d08x", "d09x", "d10x",
      ])
    #expect(HostList.expand("") == [])
    #expect(HostList.expand("n[3-1],n[a]") == [])
    #expect(HostList.expand("n[1-60000],m[1-60000]").count == HostList.hostsMax)
  }
}
