/// Turns libyaml's marks, which count characters, into bytes: the one place that does.
///
/// It walks from the last place asked for. Marks come nearly in order, so all walks together are
/// about as long as the file; a file of ASCII needs none.
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
      offset += unsafe Self.width(lead: bytes[offset])
      mark += 1
    }
    while mark > target, offset > start {
      repeat { offset -= 1 } while unsafe offset > start && Self.isContinuation(bytes[offset])
      mark -= 1
    }
    return offset
  }

  /// The bytes of the character that begins with `lead`; the text is known to be UTF-8.
  @inline(__always)
  private static func width(lead: UInt8) -> Int {
    switch lead {
    case 0..<0x80: 1
    case 0x80..<0xE0: 2
    case 0xE0..<0xF0: 3
    default: 4
    }
  }

  @inline(__always)
  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
