import ArgumentParser
import Diagnostics
import Model
import Views

struct Validate: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check manifests without looking at any state or cluster.",
    discussion: HelpText.discussion(
      "Shows every mistake of all files in one run.",
      examples: ["validate manifests", "validate cluster.yaml pools/", "validate - < all.yaml"]))

  @OptionGroup var manifests: ManifestPaths

  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let request = try ManifestRequest(manifests.paths, beside: .empty)
    terminal.warn(request)
    let counts = Kind.allCases.compactMap { kind -> String? in
      let count = request.given.objects.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
    }
    try terminal.print("Valid: \(counts.joined(separator: ", ")).\n")
    return .done
  }
}

extension Terminal {
  /// Says what is not wrong, but worth knowing.
  func warn(_ request: ManifestRequest) {
    let renderer = DiagnosticRenderer(
      sources: request.sources, colour: talkStyle.isColoured, columnsMax: talkStyle.width)
    say(renderer.render(request.warnings))
  }
}
