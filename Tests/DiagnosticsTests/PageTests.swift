import Commands
import Diagnostics
import Foundation
import Manifests
import TestSupport
import Testing

/// The registry: a page for every code, and for nothing else.
@Suite struct PageTests {
  @Test(arguments: DiagnosticPage.all.map(\.code)) func everyExampleTriggersItsCode(
    _ code: Code
  ) throws {
    let page = try #require(DiagnosticPage.all.first { $0.code == code })
    let (sources, diagnostics) = page.run()
    var codes = Set(diagnostics.map(\.code.description))
    // So many problems are a hundred others, too.
    if page.code.what == "too-many-problems" { codes.remove("yaml/tag") }
    #expect(
      codes == [code.description], "\(DiagnosticRenderer(sources: sources).render(diagnostics))")
    for sentence in [page.what, page.why, page.wayOut] { #expect(sentence.hasSuffix(".")) }
  }

  @Test func theIndexIsKeptEqual() {
    expectGenerated(DiagnosticPage.index(of: DiagnosticPage.all), "docs/diagnostics/README.md")
  }

  @Test(arguments: DiagnosticPage.all.map(\.code)) func areKeptEqual(_ code: Code) throws {
    let page = try #require(DiagnosticPage.all.first { $0.code == code })
    expectGenerated(page.markdown, "docs/diagnostics/\(page.fileName)")
  }

  @Test func noPageIsLeftOfACodeThatWent() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: House.root.appending(path: "docs/diagnostics").path)
    #expect(
      Set(files).subtracting(["README.md"]) == Set(DiagnosticPage.all.map(\.fileName)))
  }

  @Test func everyCodeOfTheSourcesHasOne() throws {
    let declared = try House.declaredCodes().map(\.code)
    #expect(declared.sorted() == DiagnosticPage.all.map(\.code.description))
  }

  @Test func everyCodeIsReported() throws {
    let house = try House.sources()
    for (name, code) in try House.declaredCodes() {
      let use = try Regex(#"\.\#(name)\b"#)
      let reports = house.filter { !$0.file.contains("Pages") && $0.text.contains(use) }
      #expect(!reports.isEmpty, "nothing reports \(code)")
    }
  }
}

/// The sources as text.
private enum House {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func sources() throws -> [(file: String, text: String)] {
    let folder = root.appending(path: "Sources")
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".swift") }
      .map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
  }

  /// `static let NAME = Code("AREA", "WHAT")`, wherever it stands.
  static func declaredCodes() throws -> [(name: String, code: String)] {
    try sources().flatMap { _, text in
      text.matches(of: /static let (\w+) = Code\("([a-z-]+)", "([a-z-]+)"\)/).map {
        (String($0.1), "\($0.2)/\($0.3)")
      }
    }
  }
}
