import ArgumentParser

struct Completion: PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print a completion script.",
    discussion: HelpText.discussion(
      examples: [
        "completion bash > /etc/bash_completion.d/setpoint",
        "completion zsh > ~/.zsh/completions/_setpoint",
        "completion fish > ~/.config/fish/completions/setpoint.fish",
      ]))

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: "Whose script.")
  var shell: Shell

  func print(to terminal: Terminal) throws {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    try terminal.print(Setpoint.completionScript(for: kind) + "\n")
  }
}
