/// Sebastiano Vigna's SplitMix64: small, fast, and the same on every machine for ever.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// A stream of its own for each kind of thing, so that one more draw here changes nothing there. The
  /// name enters by FNV-1a.
  public init(seed: UInt64, stream: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = seed ^ hash
    state = next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Below `bound`, which must be above zero; the bias is under one in 2^32 for small bounds.
  public mutating func next(below bound: UInt64) -> UInt64 {
    precondition(bound > 0, "nothing is below zero")
    return next().multipliedFullWidth(by: bound).high
  }
}
