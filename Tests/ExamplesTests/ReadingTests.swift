import Diagnostics
import Manifests
import Model
import Testing

@Suite struct ReadingTests {
  @Test(arguments: Example.allCases)
  func everyExampleIsReadWithoutAWord(example: Example) throws {
    let sources = try example.sources()
    let read = ManifestReader.read(sources)
    let resolved = References.resolve(read.value)
    let text = DiagnosticRenderer(sources: sources).render(read.diagnostics + resolved.diagnostics)
    #expect(text == "")
    #expect(read.value.sets == [SetName(example.rawValue)])
    #expect(read.value.isComplete)
  }

  /// The directories can be applied side by side: no two of them declare the same object.
  @Test func noTwoExamplesDeclareTheSameObject() throws {
    var sources = Sources()
    for example in Example.allCases {
      for text in try example.sources().texts { _ = sources.add(text) }
    }
    let read = ManifestReader.read(sources)
    #expect(References.resolve(read.value).diagnostics == [])
    #expect(read.value.sets.count == Example.allCases.count)
  }
}
