import CEventLoop
import Diagnostics
import Manifests
import YAML

/// One large file of manifests, read by a bare libyaml event loop in C, into the tree, and all the
/// way into validated specs; CPU time, the median of rounds in which all three take turns.
func benchmarkReading(_ arguments: Arguments) {
  let bytes = GeneratedManifests.text(bytes: arguments.number("megabytes", 20) * 1_000_000)
  let source = SourceText(path: "generated.yaml", bytes: bytes)
  let sources = Sources([source])
  func events() -> Int { unsafe bytes.withUnsafeBufferPointer(countEvents) }
  func tree() -> Diagnosed<YAMLFile> {
    YAMLReader.read(source, id: SourceID(index: 0), limits: .generated)
  }
  func specs() -> Diagnosed<ManifestSet> { ManifestReader.read(sources, limits: .generated) }

  let problems = specs().diagnostics
  guard problems.isEmpty else {
    return print(DiagnosticRenderer(sources: sources).render(problems))
  }
  let documents = tree().value.documents.count
  let seconds = Race.run(
    [
      Race.Contestant(name: "events", run: events),
      Race.Contestant(name: "tree") { tree().value.documents.count },
      Race.Contestant(name: "specs") { specs().diagnostics.count },
    ], rounds: arguments.number("rounds", 11))
  let megabytes = Double(bytes.count) / 1e6
  report(
    [
      ("megabytes", megabytes, 1), ("documents", Double(documents), 0),
      ("events", Double(events()), 0), ("c_mb_per_s", megabytes / seconds[0], 1),
      ("tree_mb_per_s", megabytes / seconds[1], 1), ("tree_share", seconds[0] / seconds[1], 2),
      ("specs_mb_per_s", megabytes / seconds[2], 1), ("specs_share", seconds[0] / seconds[2], 2),
      ("peak_mib", Double(Race.peakMiB), 0),
    ], asJSON: arguments.isJSON)
}

private func countEvents(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
  unsafe yaml_count_events(bytes.baseAddress, bytes.count)
}
