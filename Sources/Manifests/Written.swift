/// A value as canonical text has it: what all fields are written as, and compared as.
indirect enum Written: Hashable, Sendable {
  /// A text that no reader takes for anything but what its form says, such as `30m`.
  case plain(String)
  /// Free text, which needs quotes where YAML would read more into it.
  case text(String)
  case list([Written])
  /// Fields, in the order of their table.
  case fields([Entry])
  /// Keys that people chose, sorted.
  case map([Entry])

  struct Entry: Hashable, Sendable {
    let key: String
    let value: Written

    init(_ key: String, _ value: Written) {
      self.key = key
      self.value = value
    }
  }
}
