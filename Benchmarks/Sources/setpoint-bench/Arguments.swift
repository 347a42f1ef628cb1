import Glibc

/// `command --name value --flag`, as plain as it gets.
struct Arguments {
  let command: String
  private var values: [String: String] = [:]

  init(_ words: ArraySlice<String>) {
    command = words.first ?? ""
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      let name = String(word.drop { $0 == "-" })
      values[name] = rest.first.map { $0.hasPrefix("--") } ?? true ? "" : rest.popFirst()
    }
  }

  var isJSON: Bool { values["json"] != nil }

  subscript(name: String) -> String? { values[name] }

  func number(_ name: String, _ otherwise: Int) -> Int {
    values[name].flatMap { Int($0) } ?? otherwise
  }
}

/// A file's lines as rows of fields; quotes are not understood.
func readRows(_ path: String?) -> [[String]] {
  guard let path, let file = unsafe fopen(path, "r") else {
    print("can't read \(path ?? "a file that was not named")")
    exit(1)
  }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&chunk, 1, chunk.count, file)
    if count == 0 { break }
    bytes += chunk[..<count]
  }
  return bytes.split(separator: 10).map { line in
    line.split(separator: 44, omittingEmptySubsequences: false).map {
      String(decoding: $0.filter { $0 != 13 }, as: UTF8.self)
    }
  }
}

/// Figures with names, as a table or as one JSON object.
func report(_ figures: [(name: String, value: Double, places: Int)], asJSON: Bool) {
  if asJSON {
    let fields = figures.map { "\"\($0.name)\": \(decimal($0.value, $0.places))" }
    print("{\(fields.joined(separator: ", "))}")
    return
  }
  for (name, value, places) in figures {
    let padding = String(repeating: " ", count: max(1, 22 - name.utf8.count))
    print("\(name)\(padding)\(decimal(value, places))")
  }
}
