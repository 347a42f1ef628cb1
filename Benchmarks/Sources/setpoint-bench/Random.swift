/// Numbers that depend on the seed alone (Steele, Lea and Flood's SplitMix64).
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
  }

  mutating func oneOf<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  mutating func shuffle<Element>(_ list: [Element]) -> [Element] {
    var list = list
    for index in list.indices.dropFirst() { list.swapAt(index, below(index + 1)) }
    return list
  }
}
