public import Model

/// Exponential backoff with jitter that depends on nothing but its inputs: the pause is between half
/// and the whole of `min · 2^(failures−1)`, at most `max`, and differs from key to key, so that what
/// failed together is not tried again together.
public enum Backoff {
  public static func pause(
    after failures: Int, of key: String, min: Seconds, max: Seconds
  ) -> Seconds {
    precondition(failures > 0, "there is nothing to back off from")
    let doublings = Swift.min(failures - 1, doublingsMax)
    let whole = Swift.min(min.count.multipliedSaturated(by: 1 << Int64(doublings)), max.count)
    let half = whole / 2
    let jitter = Int64(hash("\(key) \(failures)") % UInt64(whole - half + 1))
    return Seconds(Swift.max(1, half + jitter))
  }

  /// 2^32 seconds are longer than any `max`.
  private static let doublingsMax = 32

  /// FNV-1a, 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
