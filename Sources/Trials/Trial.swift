import Digests
import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
import Simulation

/// The production planner, reconciler, store and all that the driver does but wait, over a simulated
/// world, in one thread and on virtual time, where anything fails as a script or a seed says.
///
/// What is due next happens next: an answer arrives, a timer ends, a process starts, something befalls
/// the world. Each effect is a numbered point at which a fault can strike; processes die between any
/// two. The same script gives the same trial to the byte.
public struct Trial {
  /// How often faults strike by chance, and which.
  public struct Chance: Sendable {
    public var seed: UInt64
    public var perMille: UInt64
    public var faults: [Fault]

    public init(seed: UInt64, perMille: UInt64, faults: [Fault]) {
      self.seed = seed
      self.perMille = perMille
      self.faults = faults
    }
  }

  /// A call that takes effect after its timeout.
  struct LateCall {
    var due: Timestamp
    var step: Step
    var key: IdempotencyKey
    var cluster: ClusterSpec
  }

  let strategies: Strategies
  /// With all faults that struck so far.
  var script: Script
  var world = World()
  var disk: StateDatabase
  var library: WishLibrary
  var controllers: [Controller] = []
  var lateCalls: [LateCall] = []
  var judge = Judge()
  /// Of each effect so far, its kind.
  var points: [Point] = []
  var steps = 0
  var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  /// The last lines of what happened, for those who look for a cause.
  var trace: [String] = []
  /// When nothing fails by chance any more.
  var calmAt: Timestamp
  private var nextEntry = 0
  private var order = 0
  private var chance: (random: SplitMix64, perMille: UInt64, faults: [Fault])?
  private var jitter: SplitMix64?

  public init(_ script: Script, _ strategies: Strategies = Strategies(), chance: Chance? = nil)
    throws
  {
    self.script = script
    self.strategies = strategies
    disk = try StateDatabase(inMemory: "state.db")
    library = WishLibrary(script)
    jitter = script.jitter.map { SplitMix64(seed: $0, stream: "latency") }
    self.chance = chance.map {
      (SplitMix64(seed: $0.seed, stream: "faults"), $0.perMille, $0.faults)
    }
    calmAt = world.now + (script.entries.last?.at ?? .zero) + Self.settlingTime
    controllers.append(Controller(0, .run, disk, startAt: world.now))
  }

  /// From the last thing that befalls the world until it is healed.
  static let settlingTime = Seconds.minutes(2)
  /// From a death to the next start.
  static let restartTime = Seconds(3)

  /// Lets the next thing happen; false where nothing is left that could.
  mutating func step(until end: Timestamp) -> Bool {
    let entry = nextEntry < script.entries.count ? script.entries[nextEntry] : nil
    let entryAt = entry.map { World.epoch + $0.at }
    let late = lateCalls.indices.min { lateCalls[$0].due < lateCalls[$1].due }
    let process = nextProcess
    let moments = [entryAt, late.map { lateCalls[$0].due }, process?.at]
    guard let moment = moments.compactMap({ $0 }).min(), moment <= end else { return false }
    steps += 1
    if moment > world.now { world.advance(to: moment) }
    if let entry, entryAt == moment {
      nextEntry += 1
      befall(entry.happening)
    } else if let late, lateCalls[late].due == moment {
      let call = lateCalls.remove(at: late)
      note("late", call.step.id.text)
      _ = perform(call.step, call.key, in: call.cluster)
    } else if let process {
      proceed(process.index)
    }
    return true
  }

  private var nextProcess: (index: Int, at: Timestamp)? {
    var found: (index: Int, at: Timestamp)?
    for index in controllers.indices {
      guard let next = controllers[index].next else { continue }
      if let known = found, known.at <= next { continue }
      found = (index, next)
    }
    return found
  }

  private mutating func proceed(_ index: Int) {
    let now = world.now
    if let at = controllers[index].startAt, at <= now { return start(index) }
    if let at = controllers[index].renewAt, at <= now { return renew(index) }
    let answers = controllers[index].inbox
    let first = answers.indices.min {
      (answers[$0].due, answers[$0].order) < (answers[$1].due, answers[$1].order)
    }
    if let first, answers[first].due <= controllers[index].wake ?? answers[first].due {
      controllers[index].inbox.remove(at: first)
      deliver(answers[first].message, to: index)
    } else {
      controllers[index].wake = nil
      deliver(.event(.woke), to: index)
    }
  }

  /// Hands a message to the process, and carries out what comes of it.
  mutating func deliver(_ message: Message, to index: Int) {
    let message = strategies.message(message)
    note("\(index)", message.tag)
    switch message {
    case .event(let event): handle(event, index)
    case .decided(let assignment, let clusters):
      controllers[index].clusters = clusters
      handle(.watch(clusters.map(\.name)), index)
      handle(.adopted(assignment), index)
    }
  }

  private mutating func handle(_ event: Reconciler.Event, _ index: Int) {
    let life = controllers[index].life
    let now = world.now + controllers[index].skew
    guard let effects = controllers[index].subject?.handle(event, at: now) else { return }
    for effect in effects.flatMap(strategies.effect) {
      carryOut(effect, index)
      guard controllers[index].life == life, controllers[index].subject != nil else { return }
    }
  }

  private mutating func befall(_ happening: Script.Happening) {
    note("happens", happening.description)
    switch happening {
    case .apply(let number):
      controllers.append(Controller(controllers.count, .apply(number), disk, startAt: world.now))
    case .second:
      controllers.append(Controller(controllers.count, .run, disk, startAt: world.now))
    case .pause(let number, let length):
      guard controllers.indices.contains(number) else { return }
      controllers[number].pausedUntil = world.now + length
    case .skew(let number, let jump):
      guard controllers.indices.contains(number) else { return }
      controllers[number].skew = jump
    case .loseState: loseState()
    case .drill(let text): drill(text)
    }
  }

  private mutating func loseState() {
    do throws(StoreError) { disk = try StateDatabase(inMemory: "state.db") } catch {
      return judge.blame("a new state can't be made: \(error)")
    }
    judge.lostState()
    for index in controllers.indices {
      let isRun = controllers[index].role == .run
      controllers[index].die(disk, startAt: isRun ? world.now + Self.restartTime : nil)
      controllers[index].life += 1
    }
  }

  /// What can't be done by then is not done.
  mutating func drill(_ text: String) {
    var words = text.split(separator: " ").map(String.init)
    if let place = words.firstIndex(where: { $0.hasPrefix("@") }) {
      guard !world.nodes.isEmpty, let number = Int(words[place].dropFirst()) else { return }
      words[place] = "\(world.nodes[number % world.nodes.count].id)"
    }
    do { _ = try world.run(Drill.parse(words)) } catch { note("no drill", "\(error)") }
  }
}

extension Trial {
  /// Counts an effect, and says what goes wrong at it.
  mutating func fault(at point: Point) -> Fault? {
    points.append(point)
    let number = points.count
    if let fault = script.faults[number] {
      return Fault.possible(at: point).contains(fault) ? fault : nil
    }
    guard var chance, world.now < calmAt else { return nil }
    defer { self.chance = chance }
    guard chance.random.next(below: 1000) < chance.perMille else { return nil }
    let possible = Fault.possible(at: point).filter(chance.faults.contains)
    guard !possible.isEmpty else { return nil }
    let fault = possible[Int(chance.random.next(below: UInt64(possible.count)))]
    script.faults[number] = fault
    return fault
  }

  /// The process dies here and now, and is started again.
  mutating func kill(_ index: Int) {
    note("\(index)", "dies")
    switch controllers[index].role {
    case .run: controllers[index].die(disk, startAt: world.now + Self.restartTime)
    case .apply: controllers[index].die(disk, startAt: applyAgainAt(index))
    }
    controllers[index].life += 1
    judge.checkIntegrity(of: disk)
  }

  /// Who sees an apply fail says the same again, until it was adopted.
  func applyAgainAt(_ index: Int) -> Timestamp? {
    guard case .apply(let number) = controllers[index].role else { return nil }
    return judge.wasAdopted(number) ? nil : world.now + Seconds(10)
  }

  /// How long an answer is on its way.
  mutating func latency() -> Seconds {
    guard var random = jitter else { return Seconds(1) }
    defer { jitter = random }
    return Seconds(Int64(random.next(below: 4)))
  }

  mutating func answer(_ message: Message, to index: Int, after delay: Seconds) {
    order += 1
    controllers[index].inbox.append(
      Controller.Answer(due: world.now + delay, order: order, message: message))
  }

  /// Takes a line into the digest.
  mutating func note(_ who: String, _ what: String) {
    let line = "+\(world.now.seconds - World.epoch.seconds) \(who) \(what)"
    for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    trace.append(line)
    if !strategies.tells, trace.count > 2 * Self.traceMax { trace.removeFirst(Self.traceMax) }
  }

  static let traceMax = 400
}
