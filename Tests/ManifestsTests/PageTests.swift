import Diagnostics
import Manifests
import TestSupport
import Testing
import YAML

@Suite struct Pages {
  @Test func everyCodeHasOne() {
    #expect(DiagnosticPage.reading.map(\.code) == Code.all)
    #expect(Set(Code.all).count == Code.all.count)
  }

  @Test(arguments: DiagnosticPage.reading.map(\.code)) func everyExampleTriggersItsCode(
    _ code: Code
  ) throws {
    let page = try #require(DiagnosticPage.reading.first { $0.code == code })
    let (sources, diagnostics) = page.run()
    var codes = Set(diagnostics.map(\.code))
    // So many problems are a hundred others, too.
    if code == .yamlTooManyProblems { codes.remove(.yamlTag) }
    #expect(codes == [code], "\(DiagnosticRenderer(sources: sources).render(diagnostics))")
    for sentence in [page.what, page.why, page.wayOut] { #expect(sentence.hasSuffix(".")) }
  }

  @Test func theIndexIsKeptEqual() {
    expectGenerated(
      DiagnosticPage.index(of: DiagnosticPage.reading), "docs/diagnostics/README.md")
  }

  @Test(arguments: DiagnosticPage.reading.map(\.code)) func areKeptEqual(_ code: Code) throws {
    let page = try #require(DiagnosticPage.reading.first { $0.code == code })
    expectGenerated(page.markdown, "docs/diagnostics/\(page.fileName)")
  }
}
