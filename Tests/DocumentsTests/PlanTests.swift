import Diagnostics
import Documents
import Foundation
import Model
import Planning
import TestSupport
import Testing

/// A plan comes back from its file as it was, or not at all.
@Suite struct PlanDocuments {
  private func read(_ text: String) -> Diagnosed<SavedPlan?> {
    SavedPlan.read(SourceText(path: "plan.json", text: text))
  }

  @Test func everyWordOfAPlanIsReadAsItWasWritten() {
    let read = read(WholePlan.saved.json)
    #expect(read.diagnostics.map(\.message) == [])
    #expect(read.value == WholePlan.saved)
    expectSnapshot(WholePlan.saved.json, "plan.json")
  }

  @Test func whiteSpaceIsNoContent() {
    let text = WholePlan.saved.json.replacing("\n", with: " ")
    #expect(read(text).value == WholePlan.saved)
  }

  private static let lines = WholePlan.saved.json.split(separator: "\n").map(String.init)

  /// One letter or digit of a line, and the file is refused.
  @Test(arguments: Array(stride(from: 0, to: lines.count, by: 7)))
  func aChangedPlanIsRefused(number: Int) {
    var lines = Self.lines
    guard let place = lines[number].lastIndex(where: { $0.isLetter || $0.isNumber }) else { return }
    let letter = lines[number][place] == "7" ? "8" : "7"
    lines[number].replaceSubrange(place...place, with: letter)
    let read = read(lines.joined(separator: "\n"))
    #expect(read.value == nil, "\(lines[number])")
    #expect(!read.diagnostics.isEmpty, "\(lines[number])")
  }

  /// A line that is left out is missed, wherever it stands.
  @Test(arguments: Array(stride(from: 1, to: lines.count, by: 7)))
  func aPlanWithALineLessIsRefused(number: Int) {
    var lines = Self.lines
    lines.remove(at: number)
    #expect(read(lines.joined(separator: "\n")).value == nil, "\(Self.lines[number])")
  }

  @Test(arguments: [
    ("\"formatVersion\": 1", "\"formatVersion\": 2", Code.documentVersion),
    ("\"summary\": \"Plan: 1", "\"summary\": \"Plan: 0", Code.documentAltered),
    ("image: train:1", "image: train:2", Code.documentAltered),
    ("kind: PriceFile", "kind: PriceFiles", Code.documentAltered),
    ("\"incarnation\": 2", "\"incarnation\": 3", Code.documentAltered),
    ("\"step\": \"drainNode\"", "\"step\": \"drownNode\"", Code.documentShape),
    ("\"kind\": \"plan\"", "\"kind\": \"snapshot\"", Code.documentShape),
  ]) func whatIsWrongIsNamed(was: String, now: String, code: Code) throws {
    let text = WholePlan.saved.json
    let range = try #require(text.range(of: was))
    let read = read(text.replacingCharacters(in: range, with: now))
    #expect(read.value == nil)
    #expect(read.diagnostics.map(\.code) == [code])
    if case .span? = read.diagnostics.first?.place { return }
    Issue.record("no place")
  }

  @Test func schemasAreKeptEqual() {
    for file in DocumentSchemas.files { expectGenerated(file.text, "schemas/\(file.name)") }
  }
}
