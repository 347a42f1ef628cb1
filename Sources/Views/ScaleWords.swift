import Autoscaling
import Model

/// Why the autoscaler chose a number, in words.
enum ScaleWords {
  static func text(_ decision: ScaleDecision) -> String {
    let need = decision.needMilli.map(replicas) ?? "an unknown number"
    let expected = decision.expectedMilli.map(replicas) ?? "an unknown number"
    return switch decision.reason {
    case .enough: "as many as are needed: \(need) now, up to \(expected) soon"
    case .needed: "\(need) are needed now, up to \(expected) soon"
    case .expected: "up to \(expected) will be needed soon, \(need) are now"
    case .spare: "\(need) are needed, and up to \(expected) soon"
    case .held: "\(need) are needed; fewer must suffice for longer before some go"
    case .atMost: "the most that there may be; \(need) are needed, up to \(expected) soon"
    case .atLeast: "the least that there must be; \(need) are needed"
    case .scheduled: "a schedule asks for so many"
    case .unscheduled: "no schedule asks for more now"
    case .unheard: "nothing was heard of its load, so that the number stays"
    case .noAmount: "its load is not a number that can be, so that the number stays"
    case .farTooMuch:
      "its load is over a hundred times what the most replicas could do, so that the number stays;"
        + " is its unit right?"
    case .farTooLittle:
      "its load fell to under a hundredth of what is usual, so that the number stays for a while"
    }
  }

  private static func replicas(_ milli: Int64) -> String {
    Quantity.decimal.text((milli + 50) / 100 * 100)
  }
}
