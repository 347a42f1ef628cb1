import Testing
import Views

/// What an apply tells where nothing can be drawn over.
@Suite struct ProgressTests {
  @Test func eachOfFewStepsIsToldOnce() {
    var lines = ProgressLines()
    func told(_ done: Int, _ running: [String], _ current: String) -> [String] {
      lines.take(
        ProgressView(done: done, total: 3, current: current), running: running, sort: "any")
    }
    #expect(told(0, ["start a/0", "start a/1"], "start a/0") == ["start a/0", "start a/1"])
    #expect(told(1, ["start a/1", "start a/2"], "start a/1") == ["start a/2"])
    #expect(told(3, [], "until a/2 is ready") == ["3 of 3: until a/2 is ready"])
    #expect(told(3, [], "until a/2 is ready") == [])
    #expect(told(3, [], "converged") == ["3 of 3: converged"])
  }

  @Test func ofVeryManyStepsTheLinesAreBounded() {
    var lines = ProgressLines()
    var told: [String] = []
    for done in 0...11_138 {
      told += lines.take(
        ProgressView(done: done, total: 11_138, current: "start a/\(done)"),
        running: ["start a/\(done)"], sort: "running")
    }
    #expect(told.count == 101)
    #expect(told.first == "0 of 11138: start a/0")
    #expect(told.last == "11138 of 11138: start a/11138")
    let late = ProgressView(done: 11_138, total: 11_138, current: "until a/7 is ready")
    #expect(
      lines.take(late, running: [], sort: "waiting") == ["11138 of 11138: until a/7 is ready"])
    #expect(lines.take(late, running: [], sort: "waiting") == [])
  }
}
