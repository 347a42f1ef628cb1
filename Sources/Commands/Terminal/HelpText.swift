/// The longer part of a command's help, in one shape for all commands: words, examples, and what
/// its exit codes say besides what those of every command do.
enum HelpText {
  static func discussion(
    _ words: String = "", examples: [String], exits: [(code: Int32, means: String)] = []
  ) -> String {
    let width = exits.map { "\($0.code)".count }.max() ?? 0
    let lines = exits.map { code, means in
      "  \(code)" + String(repeating: " ", count: width - "\(code)".count + 2) + means
    }
    let parts = [
      words.isEmpty ? [] : [words],
      ["Examples:"] + examples.map { "  setpoint \($0)" },
      exits.isEmpty ? [] : ["Exit codes:"] + lines,
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }
}
