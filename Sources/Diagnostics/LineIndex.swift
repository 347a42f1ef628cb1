/// Where the lines of one source begin, so that offsets become lines and columns for people.
///
/// Building it reads the whole source once, so it is built for the sources that are shown only.
/// Lines end with LF, CRLF or CR, as in editors. A leading byte order mark belongs to no column.
public struct LineIndex: Sendable {
  /// A place as editors count it: both from 1, columns in Unicode scalars.
  public struct Position: Hashable, Sendable {
    public let line: Int
    public let column: Int
  }

  private let bytes: [UInt8]
  private let starts: [Int]

  public init(_ source: SourceText) {
    let bytes = source.bytes
    var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    for offset in bytes.indices {
      let isEnd =
        bytes[offset] == 0x0A
        || bytes[offset] == 0x0D && (offset + 1 == bytes.count || bytes[offset + 1] != 0x0A)
      if isEnd { starts.append(offset + 1) }
    }
    self.bytes = bytes
    self.starts = starts
  }

  /// The position of a byte; an offset outside of the source counts as its nearest end.
  public func position(of offset: Int) -> Position {
    let line = line(of: offset)
    let before = bytes[starts[line]..<max(starts[line], min(offset, bytes.count))]
    let columns = before.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return Position(line: line + 1, column: columns + 1)
  }

  /// The bytes of a line, counted from 1, without its end.
  public func range(ofLine line: Int) -> Range<Int> {
    let start = starts[line - 1]
    var end = line < starts.count ? starts[line] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The index in `starts` of the last line that begins at or before the offset.
  private func line(of offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
