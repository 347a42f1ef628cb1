import Foundation
import Scenarios
import TestSupport
import Testing

private let scripts = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Snapshots/ScenarioTests")

/// A script is any file beside the transcripts whose name ends in `.txt`.
private let names: [String] = {
  let files = (try? FileManager.default.contentsOfDirectory(atPath: scripts.path)) ?? []
  return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
}()

@Test(arguments: names)
func theStoryIsToldAsBefore(_ name: String) throws {
  let script = try String(
    contentsOf: scripts.appending(path: "\(name).txt"), encoding: .utf8)
  let transcript = Scenario(script).transcript
  #expect(Scenario(script).transcript == transcript)
  #expect(script.contains("> check"), "every story ends with a check")
  if unsound.contains(name) {
    withKnownIssue(isIntermittent: true) { judge(transcript, name) }
  } else {
    judge(transcript, name)
  }
}

private func judge(_ transcript: String, _ name: String) {
  #expect(!transcript.contains("FAILED"))
  expectSnapshot(transcript, "\(name).out")
}

/// FIXME: stories in which the auditor and the planner do not agree yet: on the cost of a node that is
/// being deleted, on how far a rollout may rise, and on who makes room for a stand-in; and a rollout
/// that starts and stops its stand-in for ever.
private let unsound = ["delete-a-workload", "rollout", "there-and-back", "training-finishes"]

@Test func thereAreStories() { #expect(names.count >= 12) }

@Test func otherWordsAreNoCommand() {
  let transcript = Scenario("# A slip.\n> pland\n> get dogs\n> run away\n").transcript
  let lines = transcript.split(separator: "\n")
  #expect(lines.count == 7)
  #expect(lines[0] == "# A slip.")
  #expect(lines[2].hasPrefix("error: 'pland' is no drill"))
  #expect(lines[4].hasPrefix("there are no 'dogs'; there are: clusters, "))
  #expect(lines[6] == "error: 'away' is no length of time")
}
