import Testing

@testable import Model

/// Texts and what they come to; nil where they are refused.
private func check<Value: TextForm & Equatable>(
  _ cases: [(text: String, value: Value?)], at location: SourceLocation = #_sourceLocation
) {
  for (text, value) in cases {
    #expect((try? Value.parse(text)) == value, "'\(text)'", sourceLocation: location)
    guard let value else { continue }
    #expect((try? Value.parse(value.description)) == value, "\(value)", sourceLocation: location)
  }
}

private func problem<Value>(_ parse: () throws(TextProblem) -> Value) -> TextProblem? {
  do {
    _ = try parse()
    return nil
  } catch {
    return error
  }
}

@Suite struct TimeTexts {
  @Test func durations() {
    check([
      ("90s", Seconds(90)), ("30m", .minutes(30)), ("1h30m", .minutes(90)), ("7d", .hours(168)),
      ("720h", .hours(720)), ("0s", .zero), ("36500d", Seconds.textMax),
      ("", nil), ("30", nil), ("m", nil), ("1.5h", nil), ("-5m", nil), ("30m1h", nil),
      ("1m1m", nil), ("5 m", nil), ("5M", nil), ("36501d", nil), ("99999999999999999999s", nil),
    ])
    #expect(Seconds(5400).description == "1h30m")
    #expect(Seconds(-90).description == "-1m30s")
    #expect(Seconds(.min).description.hasPrefix("-106751991167300d"))
    #expect(
      problem { () throws(TextProblem) in try Seconds.parse("30") }
        == .missingUnit(help: "write the unit, such as '30s' or '30m'"))
    #expect(
      problem { () throws(TextProblem) in try Seconds.parse("36501d") }
        == .outOfRange(bound: "at most 36500d"))
  }

  @Test func moments() {
    check([
      ("1970-01-01T00:00:00Z", Timestamp(seconds: 0)),
      ("2026-07-01T12:00:00Z", Timestamp(seconds: 1_782_907_200)),
      ("2026-07-01T14:00:00+02:00", Timestamp(seconds: 1_782_907_200)),
      ("2026-07-01T06:30:00-05:30", Timestamp(seconds: 1_782_907_200)),
      ("2000-02-29T23:59:59Z", Timestamp(seconds: 951_868_799)),
      ("1969-12-31T23:59:59Z", Timestamp(seconds: -1)),
      ("0001-01-01T00:00:00Z", Timestamp(seconds: -62_135_596_800)),
      ("9999-12-31T23:59:59Z", Timestamp(seconds: 253_402_300_799)),
      ("2100-02-29T00:00:00Z", nil), ("2026-13-01T00:00:00Z", nil), ("2026-00-01T00:00:00Z", nil),
      ("2026-07-01T24:00:00Z", nil), ("2026-07-01T12:00:60Z", nil), ("2026-07-01", nil),
      ("2026-07-01T12:00:00", nil), ("2026-07-01T12:00:00.5Z", nil), ("2026-7-1T12:00:00Z", nil),
      ("2026-07-01T12:00:00+0200", nil), ("2026-07-01T12:00:00Zulu", nil),
    ])
    for seconds in stride(from: Int64(-80_000_000_000), to: 260_000_000_000, by: 8_639_999_987) {
      let moment = Timestamp(seconds: seconds)
      guard seconds > -62_167_219_200, seconds < 253_402_300_799 else { continue }
      #expect((try? Timestamp.parse(moment.description)) == moment)
    }
    for beyond in ["9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01"] {
      #expect(throws: TextProblem.outOfRange(bound: "the years 0 to 9999 in UTC")) {
        try Timestamp.parse(beyond)
      }
    }
    #expect(Timestamp(seconds: .min).description == "0000-01-01T00:00:00Z")
    #expect(Timestamp(seconds: .max).description == "9999-12-31T23:59:59Z")
  }
}

@Suite struct CountTexts {
  @Test func wholeNumbers() {
    check([
      ("0", Int64(0)), ("500", 500), ("-5", -5), ("9223372036854775806", .max - 1),
      ("", nil), ("-", nil), ("0777", nil), ("0x10", nil), ("1_000", nil), ("+1", nil),
      ("1e3", nil),
      ("1.0", nil), ("9223372036854775807", nil), ("99999999999999999999", nil), ("٣", nil),
    ])
  }

  @Test func ranges() {
    check([
      ("4", CountRange(4)), ("2..16", CountRange(2, 16)), ("3..3", CountRange(3)),
      ("0..10000000", CountRange(0, 10_000_000)),
      ("16..2", nil), ("2..", nil), ("..2", nil), ("..", nil), ("2...16", nil), ("2 .. 16", nil),
      ("2-16", nil), ("-2..3", nil), ("0..10000001", nil), ("01..2", nil), ("", nil),
    ])
    #expect(
      problem { () throws(TextProblem) in try CountRange.parse("16..2") }
        == .malformed(help: "write the lower bound first: '2..16'"))
  }

  @Test func shares() {
    check([
      ("10%", Share.percent(10)), ("0%", .percent(0)), ("100%", .percent(100)), ("1", .count(1)),
      ("0", .count(0)), ("101%", nil), ("-1%", nil), ("1.5%", nil), ("%", nil), ("", nil),
      ("010%", nil), ("10 %", nil),
    ])
  }
}

@Suite struct MoneyTexts {
  @Test func amounts() {
    check([
      ("$40000", Money(micros: 40_000_000_000)), ("$41.20", Money(micros: 41_200_000)),
      ("$0.000125", Money(micros: 125)), ("$0", .zero), ("$25.00", Money(micros: 25_000_000)),
      ("$9223372036854", Money(micros: 9_223_372_036_854_000_000)),
      ("$9223372036855", nil), ("$0.0000001", nil), ("40", nil), ("$", nil), ("", nil),
      ("-$5", nil),
      ("$-5", nil), ("$1,000", nil), ("$25/h", nil), ("25 $", nil), ("$1e99", nil),
    ])
    #expect(Money(micros: 41_200_000).description == "$41.20")
    #expect(Money(micros: 2_500_000_000).perHourText == "$2500.00/h")
    #expect(Money(micros: -1_250).description == "-$0.00125")
  }

  @Test func pricesPerHour() {
    func price(_ text: String) -> Int64? {
      try? Money.parsePerHour(Array(text.utf8)[...]).micros
    }
    #expect(price("$25.00/h") == 25_000_000)
    #expect(price("$2500/h") == 2_500_000_000)
    for text in ["$25", "$25/hour", "$25/d", "25/h", "/h", "$/h"] { #expect(price(text) == nil) }
    #expect(
      problem { () throws(TextProblem) in try Money.parsePerHour(Array("$25".utf8)[...]) }
        == .missingUnit(help: "prices are per hour: write '$25.00/h'"))
  }
}

@Suite struct AcceleratorTexts {
  @Test func requests() {
    func request(_ models: String..., milli: Int64) -> AcceleratorRequest {
      AcceleratorRequest(models: models.map { AcceleratorModel($0) }, milliDevices: milli)
    }
    check([
      ("H100:8", request("H100", milli: 8000)), ("H100", request("H100", milli: 1000)),
      ("H100:0.5", request("H100", milli: 500)), ("H100:500m", request("H100", milli: 500)),
      ("H200|H100:8", request("H100", "H200", milli: 8000)), ("any:2", request(milli: 2000)),
      ("A100-80GB:1024", request("A100-80GB", milli: 1_024_000)),
      ("H100:", nil), (":8", nil), ("H100:0", nil), ("H100:1.5", nil), ("H100:1025", nil),
      ("H100:-1", nil), ("H100|:8", nil), ("H100|H100:8", nil), ("H100|any:8", nil), ("", nil),
      ("H 100:8", nil), ("H100:8:8", nil), ("H100:8x", nil),
    ])
  }

  @Test func devices() {
    let node = Accelerators(model: AcceleratorModel("H100"), count: 8, memoryBytes: 80 << 30)
    #expect(node.description == "H100:8")
  }
}
