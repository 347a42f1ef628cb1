import Diagnostics

/// What the bytes of a file are before any YAML is read from them.
///
/// libyaml takes NEL, LS and PS for line ends, which no editor shows; a reviewer sees one line
/// where the parser sees two keys. It spends quadratic time on `%TAG` lines inside of a single
/// call. It reads UTF-16 when a byte order mark says so. None of that gets past here.
struct Intake {
  /// Where the text begins: after a byte order mark.
  private(set) var start = 0
  private(set) var isASCII = true

  init(_ bytes: [UInt8], reportingTo problems: inout Problems) {
    if let width = Self.foreignEncoding(bytes) {
      problems.report(.encoding(0..<width, "UTF-16 or UTF-32, expected UTF-8"))
      return
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    unsafe bytes.withUnsafeBufferPointer { unsafe scan($0, &problems) }
  }

  /// The bytes that show another encoding than UTF-8: a byte order mark of it, or ASCII's zeros.
  private static func foreignEncoding(_ bytes: [UInt8]) -> Int? {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return 2 }
    let head = bytes.prefix(4)
    guard head.count == 4, head.contains(0), head.contains(where: { $0 != 0 }) else { return nil }
    return 4
  }

  private mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ problems: inout Problems
  ) {
    var offset = start
    while offset < bytes.count, !problems.isFull {
      unsafe Self.skipOrdinary(bytes, &offset)
      guard offset < bytes.count else { return }
      let byte = unsafe bytes[offset]
      if byte >= 0x80 {
        isASCII = false
        unsafe offset += examineScalar(bytes, offset, &problems)
      } else {
        if byte == UInt8(ascii: "%") {
          unsafe examineDirective(bytes, offset, &problems)
        } else if !Self.isOrdinary(byte) {
          problems.report(.control(offset..<offset + 1, Unicode.Scalar(byte)))
        }
        offset += 1
      }
    }
  }

  /// Moves `offset` to the next byte that needs a look; the speed of the whole intake lies here.
  private static func skipOrdinary(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int) {
    while offset + chunkBytes <= bytes.count, unsafe isOrdinaryChunk(bytes, offset) {
      offset += chunkBytes
    }
    while unsafe offset < bytes.count && isOrdinary(bytes[offset]) { offset += 1 }
  }

  private static let chunkBytes = 32

  /// Whether all bytes of a chunk are ordinary, in sums without a branch, which the compiler turns
  /// into vector instructions.
  @inline(__always)
  private static func isOrdinaryChunk(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int
  ) -> Bool {
    var odd: UInt8 = 0
    for index in offset..<offset + chunkBytes {
      let byte = unsafe bytes[index]
      let control: UInt8 = byte < 0x20 ? 1 : 0
      let tab: UInt8 = byte == 0x09 ? 1 : 0
      let feed: UInt8 = byte == 0x0A ? 1 : 0
      let carriage: UInt8 = byte == 0x0D ? 1 : 0
      let high: UInt8 = byte >= 0x7F ? 1 : 0
      let percent: UInt8 = byte == UInt8(ascii: "%") ? 1 : 0
      odd |= (control ^ tab ^ feed ^ carriage) | high | percent
    }
    return odd == 0
  }

  /// Whether a byte is ASCII that people see, and no `%`.
  @inline(__always)
  private static func isOrdinary(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x0A, 0x0D: true
    case UInt8(ascii: "%"): false
    default: byte >= 0x20 && byte < 0x7F
    }
  }

  /// Judges the character at `offset`, which is not ASCII, and gives the bytes it takes.
  private func examineScalar(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ problems: inout Problems
  ) -> Int {
    var rest = unsafe bytes[offset...].makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    guard case .valid(let encoded) = unsafe parser.parseScalar(from: &rest) else {
      problems.report(.encoding(offset..<offset + 1, "a byte that is not UTF-8"))
      return 1
    }
    let scalar = Unicode.UTF8.decode(encoded)
    let width = encoded.count
    let range = offset..<offset + width
    switch scalar.value {
    case 0x85, 0x2028, 0x2029: problems.report(.lineSeparator(range, scalar))
    case 0x80...0x9F, 0xFEFF, 0xFFFE, 0xFFFF: problems.report(.control(range, scalar))
    default: break
    }
    return width
  }

  /// Refuses a `%` at the start of a line unless the line says `%YAML 1.1` or `%YAML 1.2`.
  private func examineDirective(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ problems: inout Problems
  ) {
    func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    guard unsafe offset == start || isBreak(bytes[offset - 1]) else { return }
    let line = unsafe bytes[offset...].prefix(Self.directiveBytesMax).prefix { !isBreak($0) }
    let words = unsafe line.split(whereSeparator: isBlank)
    let isVersion = unsafe words.first.map { unsafe $0.elementsEqual("%YAML".utf8) } ?? false
    let isKnown = unsafe words.dropFirst().first.map { version in
      unsafe version.elementsEqual("1.1".utf8) || version.elementsEqual("1.2".utf8)
    }
    if isVersion, isKnown ?? false { return }
    unsafe problems.report(.directive(offset..<line.endIndex, line.prefix(40)))
  }

  /// A `%YAML` line is read so far.
  private static let directiveBytesMax = 200
}
