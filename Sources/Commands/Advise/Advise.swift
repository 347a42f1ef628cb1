import Advising
import ArgumentParser
import Documents
import HTTP
import Interfaces
import Manifests
import Model
import Planning
import PrometheusSource
import SQLiteStore
import SimulatedProvider
import Views

struct Advise: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Propose changes of manifests that cost less, each planned with.",
    discussion: HelpText.discussion(
      """
      Looks at what was used, by what the clusters' Prometheus recorded, by a usage file, and by what \
      was decided for queues; proposes to ask for less where less is used, to buy other instance types \
      or spot, and to guarantee less to queues. Whatever it shows was planned with: it leaves nobody \
      without a place, stops nobody more, and costs less. Nothing is changed anywhere; '-o patch' is \
      for 'git apply'.
      """,
      examples: [
        "advise manifests", "advise manifests --since 30d",
        "advise manifests --usage usage.yaml -o patch | git apply",
      ]))

  @OptionGroup var manifests: ManifestPaths

  @Option(
    help: ArgumentHelp(
      "A file that says what was used, or how it is asked for ('schema usage').",
      valueName: "file"))
  var usage: String?

  @Option(help: ArgumentHelp("How far it is looked back.", valueName: "duration"))
  var since = Seconds.hours(168)

  @Option(
    help: ArgumentHelp(
      "How long spot nodes live on average, where clusters don't say it.", valueName: "duration"))
  var spotLifetime: Seconds?

  @Option(help: OptionHelp.observed)
  var observed: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How to print it.", valueName: "format"))
  var format = AdviceFormat.text

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  private static let sinceRange = Seconds.hours(1)...Seconds.hours(24 * 366)

  func validate() throws {
    guard Self.sinceRange.contains(since) else {
      throw ValidationError("--since takes a time from 1h to 366d")
    }
    if let spotLifetime, spotLifetime <= .zero {
      throw ValidationError("--spot-lifetime takes a time, such as 24h")
    }
    if format == .patch, manifests.paths.contains(SourceFiles.input) {
      throw ValidationError("name files: there is nothing that a patch of '-' could be applied to")
    }
  }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let scene = try await scene()
    terminal.warn(scene.request)
    let usage = try await recorded(on: scene)
    if terminal.isLive {
      terminal.say("Planning with what may be better: that may take a while.\n")
    }
    let report = try AdviceRequest(scene, usage, spotLifetime: spotLifetime).report(
      saveBugsBeside: state.path)
    let view = AdviceView(report, style: terminal.style)
    switch format {
    case .text: try terminal.print(view.text)
    case .json: try terminal.print(view.json)
    case .patch:
      try terminal.print(report.patch)
      if report.patch.isEmpty { terminal.say("There is nothing to change.\n") }
    }
    return .done
  }

  private func scene() async throws(Trouble) -> AdviceScene {
    if let observed {
      let start = Beginning(try DocumentFile.read(observed))
      let wishes = try start.stored.wishes(at: observed)
      return AdviceScene(
        request: try ManifestRequest(manifests.paths, beside: wishes), start: start)
    }
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let request = try ManifestRequest(manifests.paths, beside: try stored.wishes(at: state.path))
    let start = await Beginning(stored, request, session)
    let decided: [AdoptedTarget]
    do throws(StoreError) {
      decided = try await session.store.targets(
        since: Timestamp(seconds: start.now.seconds - since.count))
    } catch {
      throw .state(error)
    }
    return AdviceScene(request: request, start: start, decided: decided)
  }

  /// What the file says goes before what was measured, and that before what was decided.
  private func recorded(on scene: AdviceScene) async throws(Trouble) -> GatheredUsage {
    var gathered = GatheredUsage(scene)
    if let usage { try gathered.read(usage) }
    let metrics = PrometheusSource { path throws(Unreadable) in try SmallFile.read(path) }
    await gathered.ask(metrics, since: since)
    gathered.count(since: since)
    return gathered
  }
}

enum AdviceFormat: String, CaseIterable, ExpressibleByArgument { case text, json, patch }
