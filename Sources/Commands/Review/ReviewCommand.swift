import ArgumentParser
import Diagnostics
import Documents
import Git
import Interfaces
import Model
import Planning
import SimulatedProvider
import Views

struct ReviewCommand: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Show what a change in a Git repository would do, and do nothing.",
    discussion: HelpText.discussion(
      """
      Plans both revisions on one observation and shows where their effects differ. The files are \
      read from the repository's objects: neither the work tree nor the index counts. With \
      --observed it needs no state and no access to any cluster; 'setpoint snapshot' writes that file.
      """,
      examples: [
        "review main...HEAD manifests",
        "review main...HEAD manifests --observed snapshot.json -o markdown",
      ], exits: ExitWords.detailed))

  @Argument(help: "BASE..HEAD, or BASE...HEAD for the change since HEAD left BASE.")
  var range: String

  @Argument(help: "Files or directories in the repository.")
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The repository, if not the one around the current directory.", valueName: "directory"))
  var repo: String?

  @Option(help: OptionHelp.observed)
  var observed: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "How to print it; github are annotations, gitlab is Code Quality.", valueName: "format"))
  var format = ReviewFormat.text

  @Flag(help: "Tell by the exit code whether there are changes.")
  var detailedExitcode = false

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let review: Review
    do throws(Trouble) {
      review = try await made(terminal)
    } catch {
      if let annotations = error.annotations { try terminal.print(annotations, as: format) }
      throw error
    }
    try terminal.print(review, as: format)
    guard detailedExitcode, !review.comparison.isEmpty else { return .done }
    return review.comparison.brokenGates.isEmpty ? .changes : .gateBroken
  }

  private func made(_ terminal: Terminal) async throws(Trouble) -> Review {
    guard let observed else {
      let session = try Session(reading: state.path)
      let stored = try await session.current()
      let request = try await read(beside: stored, terminal)
      return try review(
        request, stored, await session.observe(request.clusters), at: await session.clock.now())
    }
    let snapshot: Snapshot = try DocumentFile.read(observed)
    let stored = StoredState(manifests: snapshot.manifests, prices: snapshot.prices)
    let request = try await read(beside: stored, terminal)
    return try review(request, stored, snapshot.observed, at: snapshot.at)
  }

  private func read(
    beside stored: StoredState, _ terminal: Terminal
  ) async throws(Trouble) -> ReviewRequest {
    let request = try await ReviewRequest.read(
      range, paths, in: repo, beside: try stored.wishes(at: observed ?? state.path))
    terminal.warn(request.head)
    return request
  }

  private func review(
    _ request: ReviewRequest, _ stored: StoredState, _ seen: ObservedState, at now: Timestamp
  ) throws(Trouble) -> Review {
    let (base, head) = (request.base, request.head)
    let before = try PlanMaker.plan(
      base, state: stored, observed: seen, at: now, saveBugsBeside: state.path)
    let after = try PlanMaker.plan(
      head, state: stored, observed: seen,
      judges: PlanComparison.judges(base: base.desired.gates, head: head.desired.gates), at: now,
      saveBugsBeside: state.path)
    let comparison = PlanComparison(
      base: before.plan, head: after.plan, gatesOfBase: base.desired.gates,
      gatesOfHead: head.desired.gates)
    let range = request.range
    return Review(
      base: .init(name: range.baseName, id: range.base.hex),
      head: .init(name: range.headName, id: range.head.hex), paths: paths,
      comparison: comparison,
      places: request.places(
        of: comparison.changes, comparison.gates.map { .init(.gate, $0.outcome.gate.text) }),
      observed: seen, at: now, remarks: request.remarks)
  }
}

/// For people, for forges or for programs.
enum ReviewFormat: String, CaseIterable, ExpressibleByArgument {
  case text, markdown, json, html, github, gitlab
}

extension Trouble {
  /// What is wrong in the files, for a forge to show beside them.
  fileprivate var annotations: Annotations? {
    switch self {
    case .input(let diagnostics, let sources): Annotations(diagnostics, sources)
    case .problem(let diagnostic): Annotations([diagnostic], Sources())
    case .state, .output, .bug: nil
    }
  }
}

extension Terminal {
  fileprivate func print(_ review: Review, as format: ReviewFormat) throws(Trouble) {
    switch format {
    case .text: try print(ReviewView(review, style: style).text)
    case .markdown: try print(ReviewView(review, style: style).markdown)
    case .json: try print(ReviewView(review, style: style).json)
    case .html: try print(ReviewPage(review).html)
    case .github: try print(Annotations(review).github)
    case .gitlab: try print(Annotations(review).gitlab)
    }
  }

  fileprivate func print(_ annotations: Annotations, as format: ReviewFormat) throws(Trouble) {
    switch format {
    case .text, .markdown, .json, .html: break
    case .github: try print(annotations.github)
    case .gitlab: try print(annotations.gitlab)
    }
  }
}
