import ArgumentParser

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.")

  func run() {
    POSIX.write("setpoint \(Version.text)\n", to: 1)
  }
}
