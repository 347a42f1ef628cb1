public import Diagnostics
import Model
public import YAML

/// The text of manifests → specs with their defaults, and all that is wrong with each on its own.
///
/// One run reports all problems of all files, each once, in the order of the text. A document that has
/// a problem declares nothing, and the whole is not `isComplete` then.
public enum ManifestReader {
  /// Reads `sources`, which the caller has sorted by path.
  ///
  /// A file named `setpoint.yaml` is read first: it names the set of the manifests in its directory.
  /// Sources that are too many or too large together are refused unread.
  public static func read(
    _ sources: Sources, limits: YAMLLimits = .standard
  ) -> Diagnosed<ManifestSet> {
    var run = Run()
    if let refusal = refusal(sources, limits) {
      run.diagnostics = [refusal]
      run.hasUnknownNames = true
      return run.result()
    }
    var files: [Diagnosed<YAMLFile>] = []
    for (index, text) in sources.texts.enumerated() {
      let file = YAMLReader.read(text, id: SourceID(index: index), limits: limits)
      if !file.diagnostics.isEmpty {
        run.diagnostics += file.diagnostics.map(SecretLines(text).hiding)
      }
      // A file that can't be read to its end may hold more than its documents.
      if file.hasErrors { run.hasUnknownNames = true }
      files.append(file)
    }
    let settings = run.readSettings(files.map(\.value), sources)
    for file in files {
      let path = sources[file.value.source].path
      guard !DirectorySettings.isSettings(path) else { continue }
      let set = settings.set(of: path)
      run.sets.insert(set)
      for (root, isSound) in roots(of: file) { run.read(root, set, path, isSound: isSound) }
    }
    return run.result()
  }

  /// Each document, and whether its syntax was without a problem. What a problem left out of a tree
  /// is not seen there any more, so a document that looks whole may say less than was written.
  private static func roots(
    of file: Diagnosed<YAMLFile>
  ) -> [(root: YAMLNode, isSound: Bool)] {
    let problems = file.diagnostics.compactMap { problem -> Int? in
      if case .span(let span) = problem.place { span.range.lowerBound } else { nil }
    }
    var start = 0
    return file.value.documents.map { document in
      let end = document.root.span.range.upperBound
      defer { start = end }
      return (document.root, !problems.contains { $0 >= start && $0 <= end })
    }
  }

  private static func refusal(_ sources: Sources, _ limits: YAMLLimits) -> Diagnostic? {
    let bytes = sources.texts.reduce(0) { $0 + $1.bytes.count }
    let first = sources.texts.first?.path ?? ""
    return limits.refusal(files: sources.texts.count, bytes: bytes, of: first)
  }

  /// Reads the one document of `text` as an object of any kind, such as one from a store.
  public static func read(_ text: SourceText) -> Diagnosed<AnySpec?> {
    let set = read(Sources([text]), limits: .generated)
    return Diagnosed(set.value.manifests.first?.spec, set.diagnostics)
  }
}

/// Which set each directory's manifests belong to.
private struct Directories {
  var sets: [Substring: SetName] = [:]

  /// The set that the nearest `setpoint.yaml` upwards of `path` names.
  func set(of path: String) -> SetName {
    var directory = DirectorySettings.directory(of: path)
    while true {
      if let set = sets[directory] { return set }
      guard !directory.isEmpty else { return SetName("default") }
      directory = DirectorySettings.directory(of: String(directory.dropLast()))
    }
  }
}

/// One run's reading, as far as it has got.
private struct Run {
  var manifests: [Manifest] = []
  var sets: Set<SetName> = []
  var diagnostics: [Diagnostic] = []
  var undecoded: [ObjectID] = []
  var hasUnknownNames = false
  var priceFiles: [PriceManifest] = []

  mutating func readSettings(_ files: [YAMLFile], _ sources: Sources) -> Directories {
    var directories = Directories()
    for file in files where DirectorySettings.isSettings(sources[file.source].path) {
      for document in file.documents.prefix(1) {
        var settings = DirectorySettings.table.blank
        var reading = Reading()
        DirectorySettings.table.read(document.root, into: &settings, &reading)
        diagnostics += reading.diagnostics
        directories.sets[DirectorySettings.directory(of: sources[file.source].path)] = settings.set
      }
    }
    return directories
  }

  /// Reads one document; an empty one declares nothing and is no mistake.
  mutating func read(_ root: YAMLNode, _ set: SetName, _ path: String, isSound: Bool) {
    guard !(root.kind == .scalar && root.isNull) else { return }
    guard let word = root["kind"] else {
      hasUnknownNames = true
      return diagnostics += Self.withoutKind(root)
    }
    if word.hasText(Table.kindName) { return readPrices(root, path, isSound) }
    guard let kind = Kind.allCases.first(where: { word.hasText($0.rawValue) }) else {
      hasUnknownNames = true
      return diagnostics += [.unknownKind(word)].compactMap { $0 }
    }
    switch kind {
    case .cluster: read(root, set, isSound, AnySpec.cluster)
    case .nodePool: read(root, set, isSound, AnySpec.nodePool)
    case .queue: read(root, set, isSound, AnySpec.queue)
    case .workload: read(root, set, isSound, AnySpec.workload)
    case .gate: read(root, set, isSound, AnySpec.gate)
    }
  }

  private mutating func read<S: Spec>(
    _ root: YAMLNode, _ set: SetName, _ isSound: Bool, _ wrap: (S) -> AnySpec
  ) {
    var reading = Reading()
    var spec = S.table.blank
    S.table.read(root, into: &spec, &reading)
    if spec.metadata.set == .unnamed { spec.metadata.set = set }
    diagnostics += reading.diagnostics
    guard reading.diagnostics.isEmpty, isSound else {
      return undecoded.append(spec.id)
    }
    sets.insert(spec.metadata.set)
    manifests.append(Manifest(spec: wrap(spec), origin: Origin(root: root)))
  }

  private mutating func readPrices(_ root: YAMLNode, _ path: String, _ isSound: Bool) {
    var reading = Reading()
    var prices = Table.priceFile.blank
    Table.priceFile.read(root, into: &prices, &reading)
    diagnostics += reading.diagnostics
    guard reading.diagnostics.isEmpty, isSound else { return }
    priceFiles.append(PriceManifest(path: path, prices: prices, origin: Origin(root: root)))
  }

  /// Without its kind nothing else of a document can be judged.
  private static func withoutKind(_ root: YAMLNode) -> [Diagnostic] {
    guard root.kind == .mapping else {
      return [Diagnostic.wrongType(root, expected: "a mapping with fields")].compactMap { $0 }
    }
    for entry in root.entries where NearestName.suggest(entry.name, among: ["kind"]) != nil {
      return [.unknownField(entry.key, meant: "kind", known: [], in: "a manifest")]
        .compactMap { $0 }
    }
    return [.missingField("kind", Kind.workload.rawValue, in: root)].compactMap { $0 }
  }

  func result() -> Diagnosed<ManifestSet> {
    let set = ManifestSet(
      manifests: manifests, sets: sets.sorted(),
      isComplete: !diagnostics.contains { $0.severity == .error }, undecoded: undecoded,
      hasUnknownNames: hasUnknownNames, priceFiles: priceFiles)
    return Diagnosed(set, Diagnostic.ordered(diagnostics))
  }
}
