import Glibc

/// Contestants measured in turn, so that a busy moment of the machine meets all of them alike.
struct Race {
  struct Contestant {
    let name: String
    let run: () -> Int
  }

  /// CPU seconds of each contestant, in the order given: the median of the rounds.
  ///
  /// One more round goes before, to warm the caches; what the contestants return is added up, so that
  /// none of their work can be left out.
  static func run(_ contestants: [Contestant], rounds: Int) -> [Double] {
    var seconds = contestants.map { _ in [Double]() }
    for round in 0...max(1, rounds) {
      for (index, contestant) in contestants.enumerated() {
        let start = cpuSeconds()
        unsafe sink &+= contestant.run()
        if round > 0 { seconds[index].append(cpuSeconds() - start) }
      }
    }
    return seconds.map { $0.sorted()[$0.count / 2] }
  }

  nonisolated(unsafe) private static var sink = 0

  static func cpuSeconds() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The most memory that the process has held so far.
  static var peakMiB: Int {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}

/// A number with so many decimals.
func decimal(_ value: Double, _ places: Int) -> String {
  let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
  let digits = String(Int((value * scale).rounded()))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
  return places == 0 ? padded : "\(padded.dropLast(places)).\(padded.suffix(places))"
}
