import ArgumentParser

struct Apply: TalkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the plan for manifests, ask, and carry it out.",
    discussion: """
      Ends when everything is ready and planning again finds nothing to do. Ctrl-C stops in good \
      order: the next apply goes on from there.
      """)

  @OptionGroup var manifests: ManifestPaths
  @OptionGroup var options: ChangeOptions

  var output: OutputOptions { options.output }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = options.state.path
    let session = try Session(reading: path)
    let stored = try await session.current()
    let request = try ManifestRequest(manifests.paths, beside: try stored.wishes(at: path))
    terminal.warn(request)
    let prepared = try await session.prepare(request, over: stored)
    return try await Applying(path: path, terminal: terminal)
      .apply(prepared, request, isConfirmed: options.yes)
  }
}
