import CLibYAML

/// libyaml's parser, with its traps closed.
///
/// It lives on the heap because it points into itself and must not move; after an error it answers
/// "success, no event" for ever, so nothing is asked of it again; its messages may be missing.
@safe
struct LibYAML: ~Copyable {
  enum Step {
    case event
    case end
    case failed
  }

  /// What libyaml says is wrong, with the marks' characters not yet turned into bytes.
  struct Failure {
    var problem: String?
    var mark: Int
    var context: String?
    var contextMark: Int
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// The event of the last `next()`; its memory is libyaml's until then next one.
  let event: UnsafeMutablePointer<yaml_event_t>
  private let isReady: Bool

  /// Reads the bytes, which must stay where they are while it lives.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe event.initialize(to: yaml_event_t())
    isReady = unsafe yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_event_delete(event)
    if isReady { unsafe yaml_parser_delete(parser) }
    unsafe event.deallocate()
    unsafe parser.deallocate()
  }

  /// The next event; after `.end` or `.failed` it must not be called again.
  @inline(__always)
  func next() -> Step {
    unsafe yaml_event_delete(event)
    guard isReady, unsafe yaml_parser_parse(parser, event) == 1 else { return .failed }
    switch unsafe event.pointee.type {
    case YAML_STREAM_END_EVENT: return .end
    case YAML_NO_EVENT: return .failed
    default: return .event
    }
  }

  /// Why `next()` failed.
  var failure: Failure {
    guard isReady else { return Failure(problem: nil, mark: 0, context: nil, contextMark: 0) }
    let state = unsafe parser.pointee
    return unsafe Failure(
      problem: state.problem.map { unsafe String(cString: $0) },
      mark: Int(clamping: state.problem_mark.index),
      context: state.context.map { unsafe String(cString: $0) },
      contextMark: Int(clamping: state.context_mark.index))
  }
}
