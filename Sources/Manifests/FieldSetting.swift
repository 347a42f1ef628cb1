public import Diagnostics
public import Model

/// One field of one object set to another value, as it is said in one word: `pool/h100.nodes=32`.
///
/// The value is read as a manifest would have it, flow style and all: `pool/h100.capacity=[spot]`.
public struct FieldSetting: Hashable, Sendable, CustomStringConvertible {
  /// Nil where the first word is no kind: `pool` and `nodepool` mean NodePool.
  public let kind: Kind
  /// The object's name and the field's path, not told apart yet: both may have dots in them.
  let subject: String
  let value: String
  public let description: String

  /// Nil where `text` is not `KIND/NAME.FIELD=VALUE`, or has characters that no line of a file has.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, let slash = sides[0].firstIndex(of: "/"),
      let kind = Self.kind(sides[0][..<slash]),
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { return nil }
    self.kind = kind
    subject = String(sides[0][sides[0].index(after: slash)...])
    value = sides[1].isEmpty ? "\"\"" : String(sides[1])
    description = text
    guard subject.contains(".") else { return nil }
  }

  private static func kind(_ word: Substring) -> Kind? {
    let word = word.lowercased()
    return word == "pool" ? .nodePool : Kind.allCases.first { $0.rawValue.lowercased() == word }
  }

  /// Which of `objects` is meant, with the path of the field from the top of its manifest; nil where
  /// none is. Of two names of which one begins with the other, the longer is meant.
  public func target(among objects: [ObjectID]) -> (object: ObjectID, path: [String])? {
    let mine = objects.filter { $0.kind == kind && subject.hasPrefix($0.name + ".") }
    guard let object = mine.max(by: { $0.name.utf8.count < $1.name.utf8.count }) else { return nil }
    let path = subject.dropFirst(object.name.count + 1)
      .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return (object, path[0] == "metadata" || path[0] == "spec" ? path : ["spec"] + path)
  }

  /// The manifest of `spec` with this field set, and all that is wrong with it: what the reader of
  /// manifests says of the same value in a file.
  public func applied(
    to spec: AnySpec, at path: [String]
  ) -> (source: SourceText, read: Diagnosed<AnySpec?>) {
    let manifest = spec.written.setting(path[...], to: .plain(value))
    let source = SourceText(path: "--set \(description)", text: CanonicalText.text(of: manifest))
    return (source, ManifestReader.read(source))
  }
}

extension AnySpec {
  fileprivate var written: Written {
    func write<S: Spec>(_ spec: S) -> Written { S.table.write(spec) ?? .fields([]) }
    return switch self {
    case .cluster(let spec): write(spec)
    case .nodePool(let spec): write(spec)
    case .queue(let spec): write(spec)
    case .workload(let spec): write(spec)
    case .gate(let spec): write(spec)
    }
  }
}

extension Written {
  /// The same with `value` where `path` leads to. What is not there yet is added: whether it may be,
  /// the reader knows. Whatever is no mapping is replaced by one.
  fileprivate func setting(_ path: ArraySlice<String>, to value: Written) -> Written {
    guard let key = path.first else { return value }
    let rest = path.dropFirst()
    let (entries, isMap): ([Entry], Bool) =
      switch self {
      case .fields(let entries): (entries, false)
      case .map(let entries): (entries, true)
      case .plain, .text, .list: ([], false)
      }
    var changed = entries.map { entry in
      entry.key == key ? Entry(key, entry.value.setting(rest, to: value)) : entry
    }
    if !entries.contains(where: { $0.key == key }) {
      changed.append(Entry(key, Written.fields([]).setting(rest, to: value)))
    }
    // Of fields that exclude one another, the one that is set is the one that is meant.
    if !isMap, let other = Self.exclusive[key] { changed.removeAll { $0.key == other } }
    return isMap ? .map(changed) : .fields(changed)
  }

  private static var exclusive: [String: String] { ["replicas": "demand", "demand": "replicas"] }
}
