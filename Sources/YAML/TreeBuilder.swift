import CLibYAML
import Diagnostics

/// libyaml's events → the flat array of nodes, with the limits and refusals that a single event
/// shows.
///
/// Each event costs a few stores: open collections are frames on a stack of our own, and a plain
/// scalar on one line is not copied, for its text stands in the file.
struct TreeBuilder: ~Copyable {
  let bytes: [UInt8]
  let intake: Intake
  let limits: YAMLLimits
  var problems: Problems
  var records: FlatArray<Record>
  var copies = TextCopies()
  var roots: [Int] = []
  var anchors = Anchors()
  var openKeys = OpenKeys()
  /// The innermost open collection, and those around it; at the root of a document, a frame that
  /// stands for the document.
  var top = Frame(index: 0)
  var outer = FlatArray<Frame>()
  /// Nodes that aliases add to those in `records`.
  var aliasedNodes = 0
  /// Where the last finished node ends, which is where a block collection around it ends too.
  var lastEnd = 0

  /// A collection that is still open.
  struct Frame: BitwiseCopyable {
    var index: Int
    var isMapping: Bool
    var anchor: Int?
    /// Its first key in `openKeys`.
    var keys = 0
    /// Whether its next child is a key.
    var expectsKey: Bool
    /// Nodes that aliases inside of it add.
    var aliasedNodes = 0
    /// Collections within it, itself included.
    var height = 1

    init(index: Int, isMapping: Bool = false, anchor: Int? = nil, keys: Int = 0) {
      self.index = index
      self.isMapping = isMapping
      self.anchor = anchor
      self.keys = keys
      self.expectsKey = isMapping
    }

    /// After a child: keys and values take turns.
    @inline(__always)
    mutating func turn() { expectsKey = isMapping && !expectsKey }
  }

  init(_ bytes: [UInt8], _ intake: Intake, _ limits: YAMLLimits, _ problems: Problems) {
    self.bytes = bytes
    self.intake = intake
    self.limits = limits
    self.problems = problems
    self.records = FlatArray(
      capacity: min(bytes.count / Self.bytesPerNode + 1, limits.nodesMax))
  }

  mutating func readAll() {
    let bytes = bytes
    unsafe bytes.withUnsafeBufferPointer { bytes in
      let body = unsafe UnsafeBufferPointer(rebasing: bytes[intake.start...])
      let parser = unsafe LibYAML(body)
      var cursor = unsafe OffsetCursor(bytes, intake)
      var events = 0
      while true {
        switch parser.next() {
        case .end: return
        case .failed: return report(parser.failure, &cursor)
        case .event: break
        }
        events += 1
        guard events <= limits.eventsMax else {
          let mark = unsafe cursor.offset(of: Int(clamping: parser.event.pointee.start_mark.index))
          return problems.report(.tooManyEvents(mark..<mark, limits.eventsMax))
        }
        guard unsafe take(parser.event, &cursor), !problems.isFull else { return }
      }
    }
  }

  /// Manifests hold a node in about so many bytes; with room from the start nothing is copied
  /// twice.
  private static let bytesPerNode = 8

  /// The limit, within what a record's 32 bits can name.
  var nodesMax: Int { min(limits.nodesMax, Int(Int32.max)) }

  consuming func file(_ id: SourceID) -> YAMLFile {
    let roots = roots
    let tree = YAMLTree(source: id, bytes: bytes, copies: copies, records: records)
    return YAMLFile(
      source: id, documents: roots.map { YAMLDocument(root: YAMLNode(tree: tree, index: $0)) })
  }

  /// Takes one event; false where the file ends for us.
  @inline(__always)
  private mutating func take(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Bool {
    switch unsafe event.pointee.type {
    case YAML_SCALAR_EVENT: return unsafe scalar(event, &cursor)
    case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT: return unsafe open(event, &cursor)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT:
      unsafe close(event, &cursor)
      return true
    case YAML_ALIAS_EVENT: return unsafe alias(event, &cursor)
    case YAML_DOCUMENT_START_EVENT: return unsafe startDocument(event, &cursor)
    case YAML_DOCUMENT_END_EVENT:
      roots.append(top.index)
      return true
    default: return true
    }
  }

  private mutating func startDocument(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Bool {
    guard roots.count < limits.documentsMax else {
      unsafe problems.report(.tooManyDocuments(range(of: event, &cursor), limits.documentsMax))
      return false
    }
    anchors.removeAll()
    top = Frame(index: records.count)
    return true
  }

  @inline(__always)
  func range(
    of event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Range<Int> {
    let start = cursor.offset(of: unsafe Int(truncatingIfNeeded: event.pointee.start_mark.index))
    let end = cursor.offset(of: unsafe Int(truncatingIfNeeded: event.pointee.end_mark.index))
    return start..<max(start, end)
  }

  private mutating func report(_ failure: LibYAML.Failure, _ cursor: inout OffsetCursor) {
    let mark = cursor.offset(of: failure.mark)
    let contextMark = cursor.offset(of: failure.contextMark)
    problems.report(.syntax(failure, at: mark, contextAt: contextMark, in: bytes))
  }
}
