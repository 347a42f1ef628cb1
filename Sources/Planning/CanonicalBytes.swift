/// The bytes that an id is the digest of: each text with its length before it, each number in decimals,
/// each list with its count, each case by a word. No two values have the same, and a value has the same
/// in every release, on every machine.
struct CanonicalBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ text: String) {
    add(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add(_ number: Int) { add(Int64(number)) }

  mutating func add(_ number: Int64) {
    bytes.append(contentsOf: String(number).utf8)
    bytes.append(UInt8(ascii: " "))
  }

  mutating func add(_ flag: Bool) { add(flag ? 1 : 0) }

  mutating func add(_ part: some CanonicallyWritten) { part.write(to: &self) }

  mutating func add(_ parts: [some CanonicallyWritten]) {
    add(parts.count)
    for part in parts { part.write(to: &self) }
  }

  mutating func add(_ part: (some CanonicallyWritten)?) {
    add(part == nil ? 0 : 1)
    part?.write(to: &self)
  }
}

/// What can be part of an id. A value says all of itself, in an order that never changes.
protocol CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes)
}

extension String: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) { bytes.add(self) }
}

extension Int: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) { bytes.add(self) }
}

extension CanonicallyWritten where Self: CustomStringConvertible {
  /// Of a name or another value that its text says the whole of.
  func write(to bytes: inout CanonicalBytes) { bytes.add(description) }
}
