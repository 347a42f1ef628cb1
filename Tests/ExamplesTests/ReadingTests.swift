import Diagnostics
import Manifests
import Model
import Testing

@Suite struct ReadingTests {
  @Test(arguments: Example.allCases)
  func everyExampleIsReadWithoutAWord(example: Example) throws {
    let read = ManifestReader.read(try example.sources())
    #expect(read.diagnostics.map { "\($0.code) \($0.message) \($0.place)" } == [])
    #expect(read.value.sets == [SetName(example.rawValue)])
    #expect(read.value.isComplete)
  }
}
