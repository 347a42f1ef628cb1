import ArgumentParser

struct Completion: PrintingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a completion script.",
    discussion: "bash: setpoint completion bash > /etc/bash_completion.d/setpoint")

  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: "bash, zsh or fish.")
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
