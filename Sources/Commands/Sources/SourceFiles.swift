import Diagnostics
import Glibc
import YAML

/// The manifests of a command's paths: files as named, directories with all `.yaml` and `.yml` files
/// below them, and `-` for standard input.
///
/// Files are read in the order of their paths, each once, by whatever paths it is named. Whatever
/// begins with a dot is passed over, and links to directories are not followed.
struct SourceFiles {
  private(set) var sources = Sources()
  private(set) var diagnostics: [Diagnostic] = []

  private let limits: YAMLLimits
  private var paths: [String] = []
  private var seen: Set<POSIX.FileIdentity> = []
  private var readsInput = false

  private static let depthMax = 32
  static let input = "-"

  init(_ arguments: [String], limits: YAMLLimits = .standard) {
    self.limits = limits
    for argument in arguments { add(argument) }
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let named = arguments.first ?? ""
    if let refused = limits.refusal(files: paths.count, bytes: 0, of: named) {
      diagnostics.append(refused)
      return
    }
    readAll(of: named)
  }

  /// Reads those of `paths` that are there; what is missing is said where it is named.
  mutating func add(priceFiles paths: [String]) {
    for path in paths {
      do throws(POSIX.Problem) {
        let (type, _) = try POSIX.status(path)
        if type == .file { _ = read(path) }
      } catch {
        if error.code != ENOENT { diagnostics.append(SourceWording.unreadable(path, error.text)) }
      }
    }
  }

  private mutating func add(_ argument: String) {
    if argument == Self.input {
      if readsInput { diagnostics.append(SourceWording.repeatedInput()) }
      readsInput = true
      return
    }
    do throws(POSIX.Problem) {
      let (type, identity) = try POSIX.status(argument)
      switch type {
      case .file: if seen.insert(identity).inserted { paths.append(argument) }
      case .directory:
        let before = seen.count
        try walk(argument, depth: 0)
        if seen.count == before, !holdsKnown(argument) {
          diagnostics.append(SourceWording.noManifests(argument))
        }
      case .other:
        diagnostics.append(SourceWording.unreadable(argument, "neither a file nor a directory"))
      }
    } catch {
      diagnostics.append(
        error.code == ENOENT
          ? SourceWording.notFound(argument, near: nearest(argument))
          : SourceWording.unreadable(argument, error.text))
    }
  }

  /// Whether all that a directory holds was named before it.
  private func holdsKnown(_ directory: String) -> Bool {
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    return paths.contains { $0.hasPrefix(prefix) }
  }

  private mutating func walk(_ directory: String, depth: Int) throws(POSIX.Problem) {
    guard depth < Self.depthMax else {
      diagnostics.append(SourceWording.tooDeep(directory, depthMax: Self.depthMax))
      return
    }
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    for name in try POSIX.names(in: directory) where !name.hasPrefix(".") {
      guard paths.count <= limits.filesMax else { return }
      let path = prefix + name
      let isManifest = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
      if POSIX.isDirectoryItself(path) {
        try walk(path, depth: depth + 1)
      } else if isManifest {
        try addFound(path)
      }
    }
  }

  /// A file in a directory; a name that leads nowhere is said, since nobody knows what it should hold.
  private mutating func addFound(_ path: String) throws(POSIX.Problem) {
    do throws(POSIX.Problem) {
      let (type, identity) = try POSIX.status(path)
      guard type == .file else {
        diagnostics.append(SourceWording.unreadable(path, "not a file"))
        return
      }
      if seen.insert(identity).inserted { paths.append(path) }
    } catch {
      diagnostics.append(SourceWording.unreadable(path, error.text))
    }
  }

  private mutating func readAll(of named: String) {
    var bytes = 0
    if readsInput { bytes += read(Self.input) }
    for path in paths {
      bytes += read(path)
      if let refused = limits.refusal(files: 0, bytes: bytes, of: named) {
        diagnostics.append(refused)
        return
      }
    }
  }

  private mutating func read(_ path: String) -> Int {
    do throws(POSIX.Problem) {
      let bytes =
        path == Self.input
        ? try POSIX.read(STDIN_FILENO, bytesMax: limits.fileBytesMax)
        : try POSIX.read(path, bytesMax: limits.fileBytesMax)
      _ = sources.add(SourceText(path: path, bytes: bytes))
      return bytes.count
    } catch {
      diagnostics.append(SourceWording.unreadable(path, error.text))
      return 0
    }
  }

  /// The entry of the same directory that a misspelt path probably meant.
  private func nearest(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return nil }
    let lead = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
    do throws(POSIX.Problem) {
      let names = try POSIX.names(in: lead.isEmpty ? "." : lead)
      let near = NearestName.suggest(String(name), among: names)
      return near.map { lead.isEmpty ? $0 : lead == "/" ? lead + $0 : "\(lead)/\($0)" }
    } catch {
      // Where there is no such directory either, there is nothing to suggest.
      return nil
    }
  }
}

extension POSIX {
  /// Whether a path is a directory and not a link to one.
  fileprivate static func isDirectoryItself(_ path: String) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }
}
