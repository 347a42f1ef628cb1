/// Strict UTF-8, one character at a time.
enum UTF8Scalar {
  /// The character at `offset` and its width in bytes; nil where the bytes are not UTF-8: cut off,
  /// longer than needed, a surrogate, or beyond U+10FFFF.
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int
  ) -> (scalar: Unicode.Scalar, width: Int)? {
    let lead = unsafe bytes[offset]
    if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
    let width = width(lead: lead)
    guard width > 1, offset + width <= bytes.count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(width))
    for index in offset + 1..<offset + width {
      let byte = unsafe bytes[index]
      guard isContinuation(byte) else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= smallest[width], let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, width)
  }

  /// The bytes of the character that begins with `lead`, which is taken on trust; 0 if none does.
  @inline(__always)
  static func width(lead: UInt8) -> Int {
    switch lead {
    case 0..<0x80: 1
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: 0
    }
  }

  @inline(__always)
  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The smallest value that needs so many bytes.
  private static let smallest: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
}

/// Turns libyaml's marks, which count characters, into bytes: the one place that does.
///
/// It walks from the last place asked for. Marks come nearly in order, so all walks together are about
/// as long as the file; a file of ASCII needs none.
@safe
struct OffsetCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let start: Int
  private let isASCII: Bool
  private var mark = 0
  private var offset: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ intake: Intake) {
    unsafe self.bytes = unsafe bytes
    self.start = intake.start
    self.isASCII = intake.isASCII
    self.offset = intake.start
  }

  /// The byte at which the character of this index begins.
  @inline(__always)
  mutating func offset(of target: Int) -> Int {
    isASCII ? start + target : walk(to: target)
  }

  private mutating func walk(to target: Int) -> Int {
    while unsafe mark < target && offset < bytes.count {
      offset += unsafe max(1, UTF8Scalar.width(lead: bytes[offset]))
      mark += 1
    }
    while mark > target, offset > start {
      repeat { offset -= 1 } while unsafe offset > start && UTF8Scalar.isContinuation(bytes[offset])
      mark -= 1
    }
    return offset
  }
}
