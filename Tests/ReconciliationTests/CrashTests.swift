import Model
import Planning
import Reconciliation
import Testing

/// Whatever fails and wherever the process dies: the same end, every node made once, nothing done
/// without a recorded intent, no replica in two places.
@Suite struct CrashTests {
  /// Two nodes to make, three replicas to start, and one of them to be moved away from a node that goes.
  let wanted = target(
    [targetNode(1), targetNode(2)],
    [
      targetReplica(0, on: 1), targetReplica(1, on: 2),
      targetReplica(2, on: 2, incarnation: 2),
    ])
  let standing = [targetReplica(2, on: 9)]

  func check(_ play: Play, _ hint: String) {
    #expect(play.outcome == .converged, "\(hint)")
    #expect(play.violations.isEmpty, "\(hint)")
    #expect(Set(play.readyAt.keys) == Set(play.target.nodes.map(\.id)), "\(hint)")
    #expect(Set(play.running.values) == Set(play.target.replicas), "\(hint)")
    #expect(play.created.values.allSatisfy { $0 == 1 }, "\(hint)")
  }

  @Test func withoutFaults() {
    var play = Play(wanted, standing: standing)
    play.run()
    check(play, "no faults")
    #expect(play.target == wanted)
    #expect(play.journal.filter { $0.event == .intent }.count == 7)
    #expect(play.now < 130, "90 seconds of booting, and little else")
  }

  @Test func aCrashBeforeOrAfterAnyEffect() {
    var quiet = Play(wanted, standing: standing)
    quiet.run()
    for effect in 1...quiet.effects {
      for isAfter in [false, true] {
        var play = Play(
          wanted, crash: Play.Crash(effect: effect, isAfter: isAfter), standing: standing)
        play.run()
        check(play, "crash \(isAfter ? "after" : "before") effect \(effect)")
        #expect(play.target == wanted, "effect \(effect)")
        #expect(play.created == quiet.created, "effect \(effect)")
      }
    }
  }

  /// With few calls a minute the agenda holds over many looks, whatever they show.
  @Test(arguments: 0..<300, [64, 1]) func anyMixtureOfFaults(seed: Int, callsBurst: Int) {
    var random = SplitMix(state: UInt64(seed))
    let faults = Play.Faults(
      observe: random.below(40), record: random.below(40), before: random.below(40),
      lostReply: random.below(40))
    let crash = Play.Crash(effect: 1 + random.below(60), isAfter: random.below(2) == 0)
    var limits = ReconcilerLimits()
    limits.callsBurst = callsBurst
    if callsBurst == 1 { limits.callsPerMinute = 12 }
    var play = Play(
      wanted, seed: UInt64(seed), faults: faults, crash: crash, standing: standing,
      limits: limits)
    play.run()
    guard play.outcome == .converged else {
      // With faults for long enough it may give up on one of them; it must then say so.
      switch play.outcome {
      case .failed, .storeFailed: return
      default: break
      }
      Issue.record("seed \(seed): \(String(describing: play.outcome))")
      return
    }
    check(play, "seed \(seed)")
  }
}
