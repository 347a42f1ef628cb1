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
  #expect(!transcript.contains("FAILED"))
  expectSnapshot(transcript, "\(name).out")
}

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
