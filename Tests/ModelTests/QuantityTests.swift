import TestSupport
import Testing

@testable import Model

@Suite struct QuantityTexts {
  private func check(
    _ quantity: Quantity, _ cases: [(text: String, amount: Int64?)],
    at location: SourceLocation = #_sourceLocation
  ) {
    for (text, amount) in cases {
      #expect((try? quantity.parse(text)) == amount, "'\(text)'", sourceLocation: location)
    }
  }

  @Test func cores() {
    check(
      .cores,
      [
        ("96", 96_000), ("500m", 500), ("1.5", 1500), ("0.001", 1), ("1e3", 1_000_000),
        ("2k", 2_000_000),
        (".5", 500), ("1.", 1000), ("0", 0), ("1.0000", 1000),
        ("0.5m", nil), ("0.0001", nil), ("-1", nil), ("+1", nil), ("1Gi", nil), ("1 ", nil),
        ("", nil),
        ("1.1.1", nil), ("1e99", nil), ("9223372036854775807", nil), ("½", nil), ("m", nil),
      ])
    #expect(Quantity.cores.text(96_000) == "96")
    #expect(Quantity.cores.text(1500) == "1500m")
  }

  @Test func bytes() {
    check(
      .bytes,
      [
        ("1Ti", 1 << 40), ("512Gi", 512 << 30), ("1.5Ti", 3 << 39), ("1T", 1_000_000_000_000),
        ("100B", 100), ("1e3k", 1_000_000), ("0", 0), ("0.5Ki", 512), ("7Ei", 7 << 60),
        ("1E", Int64(1e18)),
        ("512", nil), ("1e9", nil), ("128m", nil), ("1GB", nil), ("1GiB", nil), ("0.3Ki", nil),
        ("8Ei", nil),
        ("1gi", nil), ("-1Gi", nil), ("1 Gi", nil), ("0.1B", nil),
      ])
    #expect(
      [512 << 30, Int64(1e12), 1536 << 20, 1025, 0, 1_000_001].map(Quantity.bytes.text)
        == ["512Gi", "1T", "1536Mi", "1025B", "0", "1000001B"])
  }

  @Test func bandwidth() {
    check(
      .bandwidth,
      [
        ("100Gbps", 100_000_000_000), ("2.5Gbps", 2_500_000_000), ("800kbps", 800_000),
        ("3.2Tbps", 3_200_000_000_000),
        ("1bps", 1), ("0", 0), ("100", nil), ("100G", nil), ("100gbps", nil), ("100Gibps", nil),
        ("100GBps", nil),
      ])
    #expect(Quantity.bandwidth.text(2_500_000_000) == "2500Mbps")
  }

  @Test func decimals() {
    check(
      .decimal,
      [("0.5", 500), ("50", 50_000), ("1e3", 1_000_000), ("0.0001", nil), ("1k", nil), ("-1", nil)])
    #expect([500, 50_000, 125, 0].map(Quantity.decimal.text) == ["0.5", "50", "0.125", "0"])
  }

  @Test func amountRanges() throws {
    func range(_ text: String) -> AmountRange? {
      try? AmountRange.parse(Array(text.utf8)[...], as: .bytes)
    }
    #expect(range("512Gi..") == AmountRange(min: 512 << 30))
    #expect(range("..1Ti") == AmountRange(max: 1 << 40))
    #expect(range("1Gi..2Gi") == AmountRange(min: 1 << 30, max: 2 << 30))
    #expect(range("1Gi") == AmountRange(min: 1 << 30, max: 1 << 30))
    for text in ["..", "2Gi..1Gi", "1..2Gi", "", "1Gi...2Gi"] { #expect(range(text) == nil) }
    for text in ["512Gi..", "..1Ti", "1Gi..2Gi", "1Gi"] {
      #expect(range(text)?.text(as: .bytes) == text)
    }
    #expect(AmountRange().text(as: .count) == "0..")
  }

  @Test func everyBoundIsNamed() {
    func problem(_ quantity: Quantity, _ text: String) -> TextProblem? {
      do throws(TextProblem) {
        _ = try quantity.parse(text)
        return nil
      } catch { return error }
    }
    #expect(problem(.bytes, "8Ei") == .outOfRange(bound: "less than 8Ei"))
    #expect(
      problem(.cores, "0.5m") == .outOfRange(bound: "a multiple of 1m, a thousandth of a core"))
    #expect(
      problem(.bytes, "512") == .missingUnit(help: "write the unit, such as '512Gi' or '512Mi'"))
    #expect(problem(.bytes, "128m") == .malformed(help: "'m' is a thousandth; write 'M' or 'Mi'"))
    #expect(problem(.bytes, "1GiB") == .malformed(help: "write 'Gi' for 'GiB'"))
  }

  /// What is printed is read as the same amount, over magnitudes and seeds.
  @Test(arguments: Quantity.allCases) func printingIsExact(_ quantity: Quantity) throws {
    var state: UInt64 = 42
    for round in 0..<4000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let amount = Int64(state >> (1 + UInt64(round % 62)))
      let shifted = round % 3 == 0 ? amount & ~0xFFFFF : amount
      #expect(try quantity.parse(quantity.text(shifted)) == shifted)
    }
  }
}

/// Kubernetes' own tables, for the syntax that we share.
@Suite(.enabled(if: Shared.isPresent))
struct KubernetesQuantities {
  struct Table: Decodable {
    struct Parse: Decodable {
      let `in`: String
      let value: String
    }
    struct Cases: Decodable {
      let parse: [Parse]
      let invalid: [String]
    }
    let cases: Cases
  }

  private func corpus() throws -> Table.Cases {
    try Shared.decode(Table.self, "corpora/k8s-quantity.json").cases
  }

  /// All of Kubernetes' suffixes, in billionths, which is its precision.
  private func nano(_ text: String) -> Int128? {
    let suffixes: [(String, Int128, Int128)] = [
      ("n", 1, 1_000_000_000), ("u", 1, 1_000_000), ("m", 1, 1000), ("", 1, 1),
    ]
    var scanner = TextScanner(Array(text.utf8)[...])
    guard let number = try? ExactNumber(from: &scanner) else { return nil }
    let rest = String(decoding: scanner.rest, as: UTF8.self)
    let small = suffixes.first { $0.0 == rest }
    let large = Quantity.bytes.units.first { $0.suffix == rest && rest != "B" }
    guard let times = small?.1 ?? large?.times else { return nil }
    switch number.whole(times: times * 1_000_000_000, over: small?.2 ?? 1) {
    case .exact(let value): return value
    case .tooFine, .tooLarge: return nil
    }
  }

  /// Kubernetes rounds these up to a billionth, or down to 2^63 - 1; we refuse what we can't keep.
  private static let rounded: Set<String> = [
    "3.001n", "1.1E-9", "0.0000000001", "0.0000000005", "0.00000000050", "0.5e-9", "0.9n",
    "0.00000012345", "0.00000012354", "0.000000000001Ki", "9Ei", "9223372036854775807Ki",
  ]

  @Test func valuesAreTheSame() throws {
    var compared = 0
    for given in try corpus().parse where !Self.rounded.contains(given.in) {
      var scanner = TextScanner(Array(given.value.utf8)[...])
      let expected = try ExactNumber(from: &scanner).whole(times: 1_000_000_000)
      #expect(nano(given.in).map { .exact($0) } == expected, "\(given.in)")
      compared += 1
    }
    #expect(compared == 84)
  }

  @Test func refusalsAreTheSame() throws {
    for text in try corpus().invalid { #expect(nano(text) == nil, "'\(text)'") }
  }

  /// Amounts have no sign here: none of a fleet's can be negative.
  @Test func signsAreRefused() throws {
    for given in try corpus().parse {
      #expect(nano("-" + given.in) == nil)
      #expect(nano("+" + given.in) == nil)
    }
  }
}
