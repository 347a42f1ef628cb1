import CLibYAML
import Diagnostics

/// The problems of one file as they are found, up to a limit.
struct Problems {
  let source: SourceID
  let limit: Int
  private(set) var list: [Diagnostic] = []

  init(source: SourceID, limit: Int) {
    self.source = source
    self.limit = max(1, limit)
  }

  var isFull: Bool { list.count > limit }

  /// Adds it; the one that goes beyond the limit is replaced by a word on that.
  mutating func report(_ problem: Problem) {
    guard !isFull else { return }
    let problem = list.count < limit ? problem : .tooManyProblems(problem.place, limit)
    list.append(problem.diagnostic(in: source))
  }

  /// The bytes of a name of libyaml's, which ends with a zero and holds none.
  static func bytes(_ name: UnsafeMutablePointer<yaml_char_t>) -> [UInt8] {
    var count = 0
    while unsafe name[count] != 0 { count += 1 }
    return unsafe Array(UnsafeBufferPointer(start: name, count: count))
  }

  static func text(_ name: UnsafeMutablePointer<yaml_char_t>) -> String {
    unsafe String(decoding: bytes(name), as: UTF8.self)
  }
}

/// One thing that the reader refuses: where, and the words for it.
struct Problem {
  enum Place {
    case range(Range<Int>)
    case path(String)
  }

  let code: Code
  let message: String
  let place: Place
  var note: (range: Range<Int>, text: String)?
  var help: String?

  init(
    _ code: Code, _ message: String, at place: Place, note: (Range<Int>, String)? = nil,
    help: String? = nil
  ) {
    self.code = code
    self.message = message
    self.place = place
    self.note = note
    self.help = help
  }

  func diagnostic(in source: SourceID) -> Diagnostic {
    let place: Diagnostic.Place =
      switch place {
      case .range(let range): .span(Span(source: source, range: range))
      case .path(let path): .path(path)
      }
    let notes = note.map {
      [Diagnostic.Note(span: Span(source: source, range: $0.range), text: $0.text)]
    }
    return Diagnostic(code, message, at: place, notes: notes ?? [], help: help)
  }
}
