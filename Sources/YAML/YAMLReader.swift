public import Diagnostics

/// Bytes → marked trees, within limits.
///
/// The bytes are first judged on their own (`Intake`), so that libyaml only ever sees plain UTF-8
/// text without the few things it is known to misread; then its events are put into one flat array
/// (`TreeBuilder`). A problem of one node is reported and reading goes on; a problem of the syntax,
/// or a limit, ends the file, and the documents before it are kept.
public enum YAMLReader {
  /// Reads `source`, which is known as `id` in the spans of the result; never throws, never traps.
  public static func read(
    _ source: SourceText, id: SourceID, limits: YAMLLimits = .standard
  ) -> Diagnosed<YAMLFile> {
    var problems = Problems(source: id, limit: limits.problemsMax)
    // Offsets are kept in 32 bits, whatever the limits allow.
    let bytesMax = min(limits.fileBytesMax, Int(Int32.max))
    guard source.bytes.count <= bytesMax else {
      problems.report(.tooLarge(path: source.path, bytes: source.bytes.count, bytesMax: bytesMax))
      return Diagnosed(.empty(id), problems.list)
    }
    let intake = Intake(source.bytes, reportingTo: &problems)
    guard problems.list.isEmpty else { return Diagnosed(.empty(id), problems.list) }

    var builder = TreeBuilder(source.bytes, intake, limits, problems)
    builder.readAll()
    problems = builder.problems
    return Diagnosed(builder.file(id), problems.list)
  }
}

extension YAMLFile {
  static func empty(_ id: SourceID) -> YAMLFile { YAMLFile(source: id, documents: []) }
}
