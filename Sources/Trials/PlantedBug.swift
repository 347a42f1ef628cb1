import Model
import Planning
import Reconciliation

/// A mistake that somebody could make, planted into the production code from outside: the judges that
/// don't catch it are not worth much.
public struct PlantedBug: Sendable {
  /// Stays: the documents name it.
  public let name: String
  /// What the mistake is, in half a sentence.
  public let what: String
  /// For one trial; some mistakes count.
  let strategies: @Sendable () -> Strategies

  init(_ name: String, _ what: String, _ plant: @escaping @Sendable (inout Strategies) -> Void) {
    self.name = name
    self.what = what
    strategies = {
      var strategies = Strategies()
      plant(&strategies)
      return strategies
    }
  }

  /// What the production code makes of the stories that it passes.
  private static let soundStories = Stories.all.map { ($0.name, Trials.run($0.script)) }
    .filter { $0.1.violations.isEmpty }

  /// How it was caught.
  public struct Catch: Sendable {
    /// `story change`, `seed 7`.
    public var by: String
    public var violation: String
    public var trials: Int
  }

  public static let all = ofTheDriver + ofTheMemory + ofThePlanner + ofTheDiffer

  /// Runs it through all stories and then through the seeds, until a trial fails that the production
  /// code passes; nil where none does.
  public func caught(
    inStories: Bool = true, seeds: ClosedRange<UInt64>, steps: Int
  ) -> Catch? {
    var trials = 0
    for (name, sound) in inStories ? Self.soundStories : [] {
      let planted = Trials.run(sound.script, strategies())
      trials += 1
      let found = planted.violations + planted.differences(from: sound)
      if let first = found.first {
        return Catch(by: "story \(name)", violation: first, trials: trials)
      }
    }
    for seed in seeds {
      let planted = Trials.run(seed: seed, steps: steps, strategies())
      trials += 1
      guard let first = planted.violations.first,
        Trials.run(seed: seed, steps: steps).violations.isEmpty
      else { continue }
      return Catch(by: "seed \(seed)", violation: first, trials: trials)
    }
    return nil
  }
}
