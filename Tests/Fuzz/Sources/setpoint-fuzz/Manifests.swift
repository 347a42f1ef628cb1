import Diagnostics
import Manifests
import Model
import YAML

/// Every problem has a place within the text, and a manifest without one comes back from its canonical
/// text as it was.
func testManifests(_ bytes: [UInt8]) {
  let sources = Sources([SourceText(path: "it.yaml", bytes: bytes)])
  let set = ManifestReader.read(sources)
  require(within(bytes.count, set.diagnostics), "a place outside of the text")
  for manifest in set.value.manifests {
    let text = CanonicalText.manifest(manifest.spec)
    let again = ManifestReader.read(SourceText(path: "again.yaml", text: text))
    require(again.value == manifest.spec, "not what its canonical text says:\n\(text)")
  }
  let rendered = DiagnosticRenderer(sources: sources).render(set.diagnostics)
  require(rendered.isEmpty == set.diagnostics.isEmpty, "diagnostics without words")
}

func within(_ count: Int, _ diagnostics: [Diagnostic]) -> Bool {
  diagnostics.allSatisfy { diagnostic in
    guard case .span(let span) = diagnostic.place else { return true }
    return span.range.lowerBound >= 0 && span.range.upperBound <= count
  }
}
