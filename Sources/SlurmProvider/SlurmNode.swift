import JSON

/// A node as Slurm lists it.
struct SlurmNode: Hashable, Sendable {
  var name = ""
  /// As `NodeAddr` says; Slurm takes the name where nothing does.
  var address = ""
  /// Its state with all flags, in capitals: `IDLE`, `CLOUD`, `POWERED_DOWN`.
  var states: Set<String> = []
  var partitions: [String] = []
  var features: [String] = []
  /// As configured: `gpu:a100:8,shard:80`.
  var gres = ""
  var cpus: Int64 = 0
  var memoryMiB: Int64 = 0
  var diskMiB: Int64 = 0
  /// Hardware threads of a core.
  var threads: Int64 = 1
  var reason = ""
  var comment = "" {
    didSet {
      let tag = Tag(comment)
      isTagged = tag != nil
      order = tag.flatMap(NodeTag.init)
    }
  }
  /// Whether the comment is of any cluster of ours, and what it says.
  private(set) var isTagged = false
  private(set) var order: NodeTag?
  /// Seconds since 1970; 0 where it never did.
  var bootTime: Int64 = 0
  var busyUntil: Int64 = 0

  func has(_ state: String) -> Bool { states.contains(state) }
}

/// What Slurm lists, with what of it could not be understood.
struct Listing<Element: Sendable>: Sendable {
  var elements: [Element] = []
  /// Entries that were no use; what they stood for may be there nevertheless.
  var unreadableCount = 0
  /// What went wrong with the list as a whole.
  var error: String?
}

extension SlurmNode {
  /// The answer of `sinfo --json`, and of newer releases, which write numbers and states otherwise.
  static func list(_ json: [UInt8]) throws(JSONProblem) -> Listing<SlurmNode> {
    try Listing(json, member: "nodes") {
      (node: inout SlurmNode, name, reader)
        throws(JSONProblem) in
      switch name {
      case "name": node.name = try reader.text()
      case "address": node.address = try reader.text()
      case "state", "state_flags": node.states.formUnion(try reader.words())
      case "partitions": node.partitions = try reader.texts()
      case "active_features": node.features = try reader.list()
      case "gres": node.gres = try reader.text()
      case "cpus": node.cpus = try reader.amount()
      case "real_memory": node.memoryMiB = try reader.amount()
      case "temporary_disk": node.diskMiB = try reader.amount()
      case "threads": node.threads = try reader.amount()
      case "reason": node.reason = try reader.text()
      case "comment": node.comment = try reader.text()
      case "boot_time": node.bootTime = try reader.amount()
      case "last_busy": node.busyUntil = try reader.amount()
      default: break
      }
    } isUsable: {
      !$0.name.isEmpty && !$0.states.isEmpty
    }
  }
}

extension Listing {
  /// The elements of the array `member` of the answer's object, each read member by member into `blank`.
  init(
    _ json: [UInt8], member: String,
    _ read: (inout Element, String, inout JSONReader) throws(JSONProblem) -> Void,
    isUsable: (Element) -> Bool
  ) throws(JSONProblem) where Element: Blank {
    var listing = Listing()
    var isThere = false
    var reader = JSONReader(json)
    try reader.object { (name, reader) throws(JSONProblem) in
      if name == "errors" { listing.error = try reader.firstError() }
      guard name == member else { return }
      isThere = true
      try reader.array { (reader) throws(JSONProblem) in
        guard try reader.kind() == .object else {
          listing.unreadableCount += 1
          return
        }
        var element = Element()
        try reader.object { (name, reader) throws(JSONProblem) in
          try read(&element, name, &reader)
        }
        if isUsable(element) {
          listing.elements.append(element)
        } else {
          listing.unreadableCount += 1
        }
      }
    }
    try reader.end()
    // An answer without the list is an error's, and no empty cluster's.
    guard isThere || listing.error != nil else {
      throw JSONProblem(offset: json.count, expected: "'\(member)'")
    }
    self = listing
  }
}

/// What can be filled in bit by bit.
protocol Blank { init() }

extension SlurmNode: Blank {}

extension JSONReader {
  /// A text; none where there is something else.
  mutating func text() throws(JSONProblem) -> String {
    guard try kind() == .string else {
      try skip()
      return ""
    }
    return try string()
  }

  /// A number, or what newer releases write: `{"set": true, "infinite": false, "number": 4}`; 0 where
  /// there is none.
  mutating func amount() throws(JSONProblem) -> Int64 {
    switch try kind() {
    case .number:
      let before = self
      do { return try integer() } catch {
        self = before
        try skip()
        return 0
      }
    case .object:
      var number: Int64 = 0
      var isSet = true
      try object { (name, reader) throws(JSONProblem) in
        switch name {
        case "number": number = try reader.amount()
        case "set": isSet = try reader.boolean()
        default: break
        }
      }
      return isSet ? number : 0
    case .array, .string, .boolean, .null:
      try skip()
      return 0
    }
  }

  /// A list of texts.
  mutating func texts() throws(JSONProblem) -> [String] {
    guard try kind() == .array else {
      try skip()
      return []
    }
    var texts: [String] = []
    try array { (reader) throws(JSONProblem) in texts.append(try reader.text()) }
    return texts
  }

  /// A list of texts, or one text with commas between them.
  mutating func list() throws(JSONProblem) -> [String] {
    try kind() == .string ? string().split(separator: ",").map(String.init) : texts()
  }

  /// One word or a list of them, in capitals.
  mutating func words() throws(JSONProblem) -> Set<String> {
    Set(try (kind() == .string ? [string()] : texts()).map { $0.uppercased() })
  }
}
