import Diagnostics
import Manifests
public import Model
public import Planning
import Reconciliation
public import Simulation
import Views

/// What a person has at a terminal: a world, what was adopted, and the manifests at hand. Everything in
/// between is the production code.
public struct Session: Sendable {
  public var world = World()
  /// What is adopted.
  public private(set) var desired = DesiredState.empty
  public internal(set) var target: Target?
  /// What the manifests at hand come to, over what is adopted.
  public internal(set) var wanted: DesiredState?
  /// Of all creations and starts, when each was carried out.
  var done: [ActionID: JournalEntry] = [:]
  var openIntents: [IdempotencyKey: JournalEntry] = [:]
  /// What the auditor found in any plan so far.
  public internal(set) var violations: [String] = []
  /// Plans made so far.
  public internal(set) var plansMade = 0
  /// Is told of every plan and of what it was made from.
  public var witness: (@Sendable (Plan, PlanningInput) -> Void)?

  public init() {}

  /// Carries out one command and gives what it prints.
  public mutating func run(_ command: String, block: String = "") -> String {
    let words = command.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("manifests", 1): return read(block)
    case ("plan", 1): return PlanView(plan()).text
    case ("apply", 1): return apply()
    case ("run", 2): return run(for: words[1])
    case ("get", 2): return get(words[1])
    case ("check", 1): return check()
    default: return drill(words)
    }
  }

  /// Takes `state` for what the manifests at hand say of all sets.
  public mutating func want(_ state: DesiredState) { wanted = state }

  mutating func adopt(_ target: Target, desired: DesiredState) {
    self.target = target
    self.desired = desired
  }

  private mutating func read(_ text: String) -> String {
    let sources = Sources([SourceText(path: "manifests.yaml", text: text)])
    let read = ManifestReader.read(sources)
    let resolved = References.resolve(read.value, beside: desired)
    let diagnostics = read.diagnostics + (read.hasErrors ? [] : resolved.diagnostics)
    let words = diagnostics.isEmpty ? "" : DiagnosticRenderer(sources: sources).render(diagnostics)
    if read.hasErrors || resolved.hasErrors { return words }
    wanted = desired.replacing(sets: Set(read.value.sets), with: resolved.value)
    return words + "\(resolved.value.objects.count) objects\n"
  }

  private func get(_ word: String) -> String {
    guard let subject = Status.Subject(rawValue: word) else {
      let known = Status.Subject.allCases.map(\.rawValue).joined(separator: ", ")
      return "there are no '\(word)'; there are: \(known)\n"
    }
    let status = Status(
      desired: desired, target: target, observed: observe(desired), now: world.now)
    return status.list(subject).text()
  }

  private mutating func drill(_ words: [String]) -> String {
    do {
      return try world.run(Drill.parse(words)).map { $0 + "\n" }.joined()
    } catch {
      return "error: \(error)\n"
    }
  }

  /// What can be seen of every cluster of `state`.
  func observe(_ state: DesiredState) -> ObservedState {
    var observed = ObservedState.nothing
    for cluster in state.clusters {
      do {
        observed.observations.append(try world.observe(cluster.name))
      } catch {
        observed.unseen.append(UnseenCluster(cluster.name, reason: "\(error)"))
      }
    }
    return observed
  }
}
