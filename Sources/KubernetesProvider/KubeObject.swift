import JSON
import Model

/// Something that the API server keeps: read member by member, and known by its `Meta`.
protocol KubeObject: Sendable {
  init()
  var meta: Meta { get set }
  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem)
  /// Whether it has all that an object of its kind must have.
  var isUsable: Bool { get }
}

extension KubeObject {
  var isUsable: Bool { !meta.name.isEmpty }

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    if member == "metadata" { meta = try reader.meta() }
  }

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    self.init()
    try reader.members { (name, reader) throws(JSONProblem) in try read(name, &reader) }
  }
}

/// An object of which nothing is asked but what all have.
struct KubeThing: KubeObject {
  var meta = Meta()
}

/// What all objects have.
struct Meta: Hashable, Sendable {
  var name = ""
  var namespace = ""
  var uid = ""
  var version = ""
  var labels: [String: String] = [:]
  /// Only ours, and those of Cluster API.
  var annotations: [String: String] = [:]
  /// Seconds since 1970.
  var createdAt: Int64 = 0
  var isDeleting = false
  /// Whether it belongs to its node: a DaemonSet made it, or the node's own kubelet.
  var isOfNode = false
}

/// One page of a list, or all of it.
struct Listing<Object: KubeObject>: Sendable {
  var objects: [Object] = []
  /// Objects that could not be read: whoever counts must know that there was something.
  var unreadableCount = 0
  /// What asks for the next page; nil after the last one.
  var next: String?
  /// The version of the whole list.
  var version = ""

  init() {}

  init(page: [UInt8]) throws(JSONProblem) {
    var reader = JSONReader(page)
    var isThere = false
    var listing = Listing()
    try reader.object { (name, reader) throws(JSONProblem) in
      switch name {
      case "metadata":
        let fields = try reader.labels()
        listing.version = fields["resourceVersion"] ?? ""
        listing.next = fields["continue"].flatMap { $0.isEmpty ? nil : $0 }
      case "items":
        isThere = true
        try reader.elements { (reader) throws(JSONProblem) in
          guard try reader.kind() == .object else {
            listing.unreadableCount += 1
            return
          }
          let object = try Object(&reader)
          if object.isUsable {
            listing.objects.append(object)
          } else {
            listing.unreadableCount += 1
          }
        }
      default: break
      }
    }
    try reader.end()
    // An answer without the list is an error's, and no empty cluster's.
    guard isThere else { throw JSONProblem(offset: page.count, expected: "'items'") }
    self = listing
  }

  mutating func append(_ page: Listing) {
    objects += page.objects
    unreadableCount += page.unreadableCount
    next = page.next
    version = page.version
  }
}

extension JSONReader {
  /// The members of an object; none of what is something else.
  mutating func members(
    _ member: (String, inout JSONReader) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    guard try kind() == .object else { return try skip() }
    try object(member)
  }

  /// The elements of an array; none of what is something else.
  mutating func elements(
    _ element: (inout JSONReader) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    guard try kind() == .array else { return try skip() }
    try array(element)
  }

  /// A text; none where there is something else.
  mutating func text() throws(JSONProblem) -> String {
    guard try kind() == .string else {
      try skip()
      return ""
    }
    return try string()
  }

  /// A whole number; 0 where there is something else.
  mutating func amount() throws(JSONProblem) -> Int64 {
    guard try kind() == .number else {
      try skip()
      return 0
    }
    let before = self
    do { return try integer() } catch {
      self = before
      try skip()
      return 0
    }
  }

  /// Those members of an object that are texts.
  mutating func labels() throws(JSONProblem) -> [String: String] {
    var labels: [String: String] = [:]
    try members { (name, reader) throws(JSONProblem) in
      if try reader.kind() == .string { labels[name] = try reader.string() }
    }
    return labels
  }

  /// A list of resources. Amounts may be written as numbers.
  mutating func amounts() throws(JSONProblem) -> Amounts {
    var amounts = Amounts()
    try members { (name, reader) throws(JSONProblem) in
      switch try reader.kind() {
      case .string: amounts.set(name, try reader.string())
      case .number: amounts.set(name, "\(try reader.amount())")
      case .object, .array, .boolean, .null: break
      }
    }
    return amounts
  }

  mutating func moment() throws(JSONProblem) -> Int64? {
    let text = try text()
    return Self.seconds(text)
  }

  private static func seconds(_ text: String) -> Int64? {
    // With a fraction where the server's field has one.
    let whole = text.firstIndex(of: ".").map { text[..<$0] + "Z" } ?? text[...]
    do { return try Timestamp.parse(Array(whole.utf8)[...]).seconds } catch { return nil }
  }

  mutating func meta() throws(JSONProblem) -> Meta {
    var meta = Meta()
    try members { (name, reader) throws(JSONProblem) in
      switch name {
      case "name": meta.name = try reader.text()
      case "namespace": meta.namespace = try reader.text()
      case "uid": meta.uid = try reader.text()
      case "resourceVersion": meta.version = try reader.text()
      case "labels": meta.labels = try reader.labels()
      case "annotations":
        meta.annotations = try reader.labels().filter {
          $0.key.contains("setpoint/") || $0.key.hasPrefix("cluster.x-k8s.io/")
        }
      case "creationTimestamp": meta.createdAt = try reader.moment() ?? 0
      case "ownerReferences":
        try reader.elements { (reader) throws(JSONProblem) in
          let kind = try reader.labels()["kind"]
          if kind == "DaemonSet" || kind == "Node" { meta.isOfNode = true }
        }
      case "deletionTimestamp": meta.isDeleting = try !reader.text().isEmpty
      default: break
      }
    }
    return meta
  }
}
