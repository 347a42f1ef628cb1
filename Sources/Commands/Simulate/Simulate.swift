public import ArgumentParser
public import Catalog
import Diagnostics
import Documents
import Interfaces
public import Manifests
import Model
public import Planning
import Scenarios
import SimulatedProvider
import Views

struct Simulate: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Show what would happen, step by step, and do nothing.",
    discussion: HelpText.discussion(
      """
      Takes the world as it is seen, or as a snapshot has it, assumes what the options say, and lets \
      the planner and the loop of 'run' keep it on virtual time: until nothing happens any more, or \
      for so many hours. Without PATH, what was applied is wanted. Nothing is changed anywhere; \
      'drill' is what does something to the simulated world.

      With assumptions, the same is told without them as well, for the difference in cost.
      """,
      examples: [
        "simulate manifests --lose zone=us-east-1a",
        "simulate --set pool/h100.nodes=32 --hours 24",
        "simulate manifests --price spot+20% --hours 720 -o html > what-if.html",
        "simulate manifests --load load.yaml --hours 24 --observed snapshot.json",
        "simulate manifests --load load.yaml --hours 24 --lose capacity=spot@5h",
      ],
      exits: [(Exit.failed.rawValue, "it makes no sense on these manifests and this world")]))

  @Argument(help: "Files, directories, or - for standard input; what was applied if left out.")
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "A field with another value, such as pool/h100.nodes=32; may be given again.",
      valueName: "field=value"))
  var set: [FieldSetting] = []

  @Option(
    help: ArgumentHelp(
      """
      What is lost: node=NAME, zone=NAME, pool=NAME or capacity=spot, at the start or so long after it \
      as in zone=NAME@5h; may be given again.
      """,
      valueName: "what"))
  var lose: [TimedLoss] = []

  @Option(
    help: ArgumentHelp(
      "Other prices, such as spot+20%, p5.48xlarge-10% or all+5%; may be given again.",
      valueName: "change"))
  var price: [Repricing] = []

  @Option(help: ArgumentHelp("Manifests besides; may be given again.", valueName: "path"))
  var add: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file that says how much is asked of workloads over time ('schema load').",
      valueName: "file"))
  var load: String?

  @Option(help: ArgumentHelp("For so many hours of virtual time.", valueName: "number"))
  var hours: Int?

  @Flag(help: "Carry out also what a gate refuses.")
  var ignoreGates = false

  @Option(help: OptionHelp.observed)
  var observed: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How to print it.", valueName: "format"))
  var format = SimulationFormat.text

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  private static var hoursMax: Int { Int(Question.lengthMax.count / 3600) }

  var assumptions: Assumptions {
    Assumptions(
      settings: set, losses: lose, prices: price, added: add, ignoresGates: ignoreGates)
  }

  func validate() throws {
    if let hours, !(1...Self.hoursMax).contains(hours) {
      throw ValidationError("--hours takes a number from 1 to \(Self.hoursMax)")
    }
    if load != nil, hours == nil { throw ValidationError("--load goes with --hours") }
    guard !paths.isEmpty || !assumptions.isEmpty || hours != nil else {
      throw ValidationError("name manifests, or say what would happen: --lose, --set or --hours")
    }
  }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    // Drills once stood here, and scripts still say them so.
    if assumptions.isEmpty, hours == nil, DrillCommand.isMeant(by: paths) {
      return try DrillCommand.perform(paths, at: state.path, terminal)
    }
    let start = try await start()
    let wishes = try start.stored.wishes(at: observed ?? state.path)
    let base = try request(beside: wishes)
    let head = try assumptions.request(over: base, paths, beside: wishes)
    terminal.warn(head)
    let curve = try load.map { (path) throws(Trouble) in try LoadFile.read(path, for: head.desired)
    }
    let whatIf = try answer(base, head, curve ?? LoadCurve(), start)
    switch format {
    case .text: try terminal.print(WhatIfView(whatIf, style: terminal.style).text)
    case .json: try terminal.print(whatIf.report.json)
    case .html: try terminal.print(WhatIfPage(whatIf).html)
    }
    return .done
  }

  private func request(beside wishes: Wishes) throws(Trouble) -> ManifestRequest {
    paths.isEmpty ? ManifestRequest(stored: wishes) : try ManifestRequest(paths, beside: wishes)
  }

  private func answer(
    _ base: ManifestRequest, _ head: ManifestRequest, _ curve: LoadCurve, _ start: Beginning
  ) throws(Trouble) -> WhatIf {
    let prices = try assumptions.catalogs(of: head.wishes)
    let question = Question(
      desired: head.desired, before: head.before.desired,
      previous: start.stored.target?.repriced(by: price), done: start.stored.done,
      observed: start.seen, catalogs: prices, now: start.now, losses: lose, load: curve,
      zones: Zones.offsets(for: head.desired, from: start.now, for: Question.lengthMax),
      length: hours.map { .hours(Int64($0)) }, ignoresGates: ignoreGates)
    if let nothing = question.withoutLost().nothing {
      throw .problem(SimulateWording.nothing(nothing))
    }
    var other: Forecast?
    if !assumptions.isEmpty {
      var without = question
      without.desired = base.desired
      without.previous = start.stored.target
      without.catalogs = base.wishes.catalogs
      without.losses = []
      without.ignoresGates = false
      other = try forecast(without, start)
    }
    return WhatIf(
      assumptions: assumptions.told, forecast: try forecast(question, start), without: other,
      isTimed: hours != nil, remarks: start.remarks)
  }

  private func forecast(_ question: Question, _ start: Beginning) throws(Trouble) -> Forecast {
    var forecaster = Forecaster(question)
    let forecast = forecaster.run()
    guard forecaster.violations.isEmpty else {
      let snapshot = Snapshot(
        at: start.now, manifests: CanonicalText.manifests(question.desired),
        prices: start.stored.prices, observed: start.seen)
      throw BugReport.save(snapshot, forecaster.violations, "simulation", beside: state.path)
    }
    return forecast
  }

  private func start() async throws(Trouble) -> Beginning {
    if let observed { return Beginning(try DocumentFile.read(observed)) }
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let request = try request(beside: try stored.wishes(at: state.path))
    return await Beginning(stored, request, session)
  }
}

enum SimulationFormat: String, CaseIterable, ExpressibleByArgument { case text, json, html }

extension TimedLoss: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension FieldSetting: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Repricing: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
