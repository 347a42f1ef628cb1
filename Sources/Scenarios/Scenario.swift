/// A story: a script of commands over a simulated world, told as a transcript.
///
/// Lines that begin with `> ` are commands; `> manifests` is followed by the manifests themselves, up to
/// the next command. All other lines are comments, and are kept. The same script gives the same
/// transcript to the byte, so one file serves as a test, as an exploration, and as a bug report.
public struct Scenario: Sendable {
  /// One line of a script that is run or kept.
  enum Entry: Hashable, Sendable {
    case comment(String)
    case command(String, block: String)
  }

  let entries: [Entry]

  public init(_ script: String) {
    var entries: [Entry] = []
    var block: [Substring]?
    var command = ""
    func close() {
      guard var lines = block else { return }
      // Comments right before the next command speak of it, and not of the manifests.
      let kept = lines.lastIndex { !$0.isEmpty && !$0.hasPrefix("#") } ?? -1
      let comments = lines[(kept + 1)...]
      lines.removeSubrange((kept + 1)...)
      entries.append(.command(command, block: lines.map { $0 + "\n" }.joined()))
      entries += comments.map { .comment(String($0)) }
      block = nil
    }
    for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("> ") {
        close()
        command = String(line.dropFirst(2))
        if command == Self.blockCommand {
          block = []
        } else {
          entries.append(.command(command, block: ""))
        }
      } else if block != nil {
        block?.append(line)
      } else {
        entries.append(.comment(String(line)))
      }
    }
    close()
    self.entries = entries
  }

  static let blockCommand = "manifests"

  /// What happens when the script is run, from an empty world on.
  public var transcript: String {
    var session = Session()
    var text = ""
    for entry in entries {
      switch entry {
      case .comment(let line): text += line + "\n"
      case .command(let command, let block):
        let output = session.run(command, block: block)
        text += "> \(command)\n" + output + (output.isEmpty || output.hasSuffix("\n") ? "" : "\n")
      }
    }
    while text.hasSuffix("\n\n") { text.removeLast() }
    return text
  }
}
