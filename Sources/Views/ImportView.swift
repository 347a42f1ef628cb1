public import Catalog
import Diagnostics
public import Manifests

/// Manifests that were made of what is there already, each below a comment of what it was made of, and
/// of what it says otherwise or not at all.
public struct ImportView: Sendable {
  public struct Document: Sendable {
    let name: String
    private let body: String
    private let origin: String
    private let notes: [String]

    public init(of spec: AnySpec, _ name: String, from origin: String, notes: [String]) {
      self.init(body: CanonicalText.manifest(spec), name, from: origin, notes: notes)
    }

    public init(of prices: PriceFile, _ name: String, from origin: String) {
      self.init(body: CanonicalText.priceFile(prices), name, from: origin, notes: [])
    }

    private init(body: String, _ name: String, from origin: String, notes: [String]) {
      self.body = body
      self.name = name
      self.origin = origin
      self.notes = notes
    }

    /// What others wrote must not end the comment that it stands in.
    var text: String {
      let lines = ["Made of \(origin)." + (notes.isEmpty ? "" : " What is otherwise:")]
      return (lines + notes.map { "- \($0)" }).map { "# \(Visible.line($0))\n" }.joined()
        + body
    }
  }

  private let documents: [Document]

  public init(_ documents: [Document]) { self.documents = documents }

  /// All of them as one file.
  public var text: String { documents.map(\.text).joined(separator: "---\n") }

  /// Each as a file of its own.
  public var files: [(name: String, text: String)] { documents.map { ($0.name, $0.text) } }
}
