import Catalog
public import Diagnostics
import Model
public import YAML

/// What there is to say about one kind of problem: `setpoint explain CODE`, and a page of
/// `docs/diagnostics`.
///
/// The pages of an area stand beside its codes; those of the areas that reading knows are in
/// `reading`, and the command line adds its own.
public struct DiagnosticPage: Sendable {
  public let code: Code
  /// What is wrong, in one sentence.
  public let what: String
  /// Why that is refused.
  public let why: String
  public let wayOut: String
  public let example: Example

  public init(_ code: Code, _ what: String, why: String, wayOut: String, example: Example) {
    self.code = code
    self.what = what
    self.why = why
    self.wayOut = wayOut
    self.example = example
  }

  /// Something that triggers the code.
  public enum Example: Sendable {
    /// Manifests.
    case manifests(String)
    /// Manifests over others that have been applied before.
    case over(applied: String, manifests: String)
    /// A file that no page can show, in words and as it is made.
    case file(String, YAMLLimits = .standard, @Sendable () -> [UInt8])
    /// Something that no text shows, in words, and what comes of it.
    case event(String, @Sendable () -> [Diagnostic])
    /// In words, and a file that is read as something other than manifests.
    case document(String, SourceText, @Sendable (SourceText) -> [Diagnostic])
  }

  /// Every page of the areas `yaml`, `manifest` and `reference`, sorted by code.
  public static let reading: [DiagnosticPage] =
    (yamlPages + formPages + manifestPages + referencePages + queuePages)
    .sorted { $0.code < $1.code }
}

// MARK: What the example comes to

extension DiagnosticPage {
  /// What the example comes to.
  public func run() -> (sources: Sources, diagnostics: [Diagnostic]) {
    switch example {
    case .manifests(let text): Self.read(Array(text.utf8))
    case .over(let applied, let text):
      Self.read(Array(text.utf8), over: DesiredState(ManifestReader.specs(of: applied)))
    case .file(_, let limits, let make): Self.read(make(), limits)
    case .event(_, let happen): (Sources(), happen())
    case .document(_, let source, let read): (Sources([source]), read(source))
    }
  }

  private static func read(
    _ bytes: [UInt8], _ limits: YAMLLimits = .standard, over stored: DesiredState = .empty
  ) -> (sources: Sources, diagnostics: [Diagnostic]) {
    let sources = Sources([SourceText(path: "example.yaml", bytes: bytes)])
    let read = ManifestReader.read(sources, limits: limits)
    let prices = Catalogs.read(read.value, in: sources)
    let catalogs = prices.value.mapValues { Catalog.builtIn.extended(by: $0) }
    let resolved = References.resolve(read.value, beside: stored) {
      catalogs[$0.name] ?? .builtIn
    }
    let all = read.diagnostics + prices.diagnostics + resolved.diagnostics
    return (sources, Diagnostic.ordered(all))
  }

  // MARK: As text

  /// The page as Markdown that reads well as it stands, too.
  public var markdown: String {
    """
    # \(code)

    \(what)

    \(why)

    ## Example

    \(exampleText)

    ## Way out

    \(wayOut)

    """
  }

  private var exampleText: String {
    let (sources, diagnostics) = run()
    let said = DiagnosticRenderer(sources: sources).render(diagnostics)
    let answer = said.isEmpty ? "" : "\n\n" + Self.fenced("text", said)
    switch example {
    case .manifests(let text): return Self.fenced("yaml", text) + answer
    case .over(let applied, let text):
      return "Applied before:\n\n" + Self.fenced("yaml", applied) + "\n\nand now:\n\n"
        + Self.fenced("yaml", text) + answer
    case .file(let words, _, _), .event(let words, _): return words + answer
    case .document(let words, let source, _):
      return words + "\n\n"
        + Self.fenced(
          source.path.hasSuffix(".yaml") ? "yaml" : "json",
          String(decoding: source.bytes, as: UTF8.self))
        + answer
    }
  }

  private static func fenced(_ language: String, _ text: String) -> String {
    "```\(language)\n\(text)\(text.utf8.last == UInt8(ascii: "\n") ? "" : "\n")```"
  }

  /// The table of all pages.
  public static func index(of pages: [DiagnosticPage]) -> String {
    let rows = pages.map { "| [\($0.code)](\($0.fileName)) | \($0.what) |" }
    return """
      # Diagnostics

      Every problem that Setpoint reports has a code, and every code a page, which \
      `setpoint explain CODE` prints as well.

      | code | what is wrong |
      | --- | --- |
      \(rows.joined(separator: "\n"))

      """
  }

  /// The page's name in `docs/diagnostics`.
  public var fileName: String { "\(code.area)-\(code.what).md" }
}

extension ManifestReader {
  fileprivate static func specs(of text: String) -> [AnySpec] {
    read(Sources([SourceText(path: "applied.yaml", text: text)])).value.manifests.map(\.spec)
  }
}

// MARK: Examples that differ in a few lines only

extension DiagnosticPage.Example {
  /// A manifest that is right but for these lines of its spec.
  static func spec(_ kind: String, _ lines: String) -> Self {
    let indented = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
    return .manifests(
      "apiVersion: setpoint/v1\nkind: \(kind)\nmetadata: {name: example}\nspec:\n" + indented)
  }

  /// A workload that is right but for these lines of its spec.
  static func workload(_ lines: String) -> Self {
    .spec("Workload", "type: training\nreplicas: 2\n" + lines)
  }
}
