public import Diagnostics

/// How much one file, and one set of files, may hold before it is refused.
///
/// Each bound keeps a hostile input from costing more than a fair one: time stays linear in the
/// bytes, and memory within a small multiple of them. `nodesMax` and `depthMax` count what a reader
/// of the tree sees, that is with every alias expanded.
public struct YAMLLimits: Hashable, Sendable {
  /// Bytes of one file, a leading byte order mark included.
  public var fileBytesMax = 1 << 20
  /// Documents in one file.
  public var documentsMax = 1_000
  /// Events of libyaml in one file: one for a scalar or an alias, two for a collection or document.
  public var eventsMax = 500_000
  /// Collections within collections; a scalar at the root has depth 0.
  public var depthMax = 64
  /// UTF-8 bytes of one scalar's text.
  public var scalarBytesMax = 256 << 10
  /// Aliases (`*name`) in one file.
  public var aliasesMax = 100
  /// Nodes of one file, counted as if every alias were a copy, before anything is expanded.
  public var nodesMax = 100_000
  /// Problems that are reported for one file before reading it stops.
  public var problemsMax = 100
  /// Files in one set, to be kept by whoever gathers them; see `refusal(files:bytes:of:)`.
  public var filesMax = 10_000
  /// Bytes of all files of one set together.
  public var setBytesMax = 16 << 20

  public init() {}

  /// For what people write.
  public static let standard = YAMLLimits()

  /// For what programs write: generated manifests and plan files of up to 64 MiB.
  public static let generated: YAMLLimits = {
    var limits = YAMLLimits()
    limits.fileBytesMax = 64 << 20
    limits.documentsMax = 1_000_000
    limits.eventsMax = 20_000_000
    limits.scalarBytesMax = 4 << 20
    limits.nodesMax = 10_000_000
    limits.setBytesMax = 256 << 20
    return limits
  }()

  /// The problem of a set of files that is too large, to be asked for before the files are read.
  public func refusal(files: Int, bytes: Int, of path: String) -> Diagnostic? {
    if files > filesMax {
      return Diagnostic(
        .yamlTooManyFiles, "\(files) files, more than the \(filesMax) that are read at once",
        at: .path(path), help: "name a directory that holds fewer files")
    }
    if bytes > setBytesMax {
      return Diagnostic(
        .yamlSetTooLarge,
        "\(bytes) bytes in all, more than the \(setBytesMax) that are read at once",
        at: .path(path), help: "name a directory that holds less")
    }
    return nil
  }
}
