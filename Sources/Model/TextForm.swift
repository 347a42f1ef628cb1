/// A value that people write as one word, in manifests as on the command line: `30m`, `2..16`.
///
/// Each form is exact, and printing it gives its one canonical text: what `description` prints,
/// `parse` reads as the same value, for every value that `parse` can give.
public protocol TextForm: CustomStringConvertible {
  static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Self
}

extension TextForm {
  public static func parse(_ text: String) throws(TextProblem) -> Self {
    try parse(Array(text.utf8)[...])
  }
}

/// Why a text is not the value that it should be; where it stands is for the caller to say.
public enum TextProblem: Error, Hashable, Sendable {
  /// It has not the form; `help` is the way out where the mistake is a known one.
  case malformed(help: String?)
  /// A number without the unit that it needs.
  case missingUnit(help: String)
  /// Of the right form, but beyond what it can be; `bound` says what it can: `at most 36500d`.
  case outOfRange(bound: String)

  static let malformed = TextProblem.malformed(help: nil)
}

/// What is left of a text that is read from its front.
struct TextScanner {
  var rest: ArraySlice<UInt8>

  init(_ rest: ArraySlice<UInt8>) { self.rest = rest }

  var isAtEnd: Bool { rest.isEmpty }

  func isNext(_ character: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: character) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isNext(character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// The value of the next decimal digit.
  mutating func digit() -> Int? {
    guard let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
      return nil
    }
    rest = rest.dropFirst()
    return Int(byte - UInt8(ascii: "0"))
  }

  /// A number of decimal digits, at least one; `Int64.max` for all that are greater.
  mutating func digits() -> Int64? {
    guard let first = digit() else { return nil }
    var value = Int64(first)
    while let digit = digit() {
      value = value.multipliedSaturated(by: 10).addingSaturated(Int64(digit))
    }
    return value
  }

  /// Exactly `count` digits.
  mutating func digits(exactly count: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }
}

extension Int64: TextForm {
  /// Decimal digits, a minus where it is below zero, and nothing else: `0777`, `0x10`, `1_000` and
  /// `+1` mean different things to different readers, so they mean nothing here.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Int64 {
    var scanner = TextScanner(utf8)
    let isNegative = scanner.take("-")
    let startsWithZero = scanner.isNext("0")
    let length = scanner.rest.count
    guard let magnitude = scanner.digits(), scanner.isAtEnd else { throw .malformed }
    if startsWithZero, length > 1 { throw .malformed(help: "write it without a leading zero") }
    guard magnitude < .max else { throw .outOfRange(bound: "at most \(Int64.max - 1)") }
    return isNegative ? -magnitude : magnitude
  }
}
