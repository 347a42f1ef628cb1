import ArgumentParser
import Model
import Planning

struct Delete: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Show what deleting objects would do, ask, and do it.",
    discussion: HelpText.discussion(
      """
      An object that a directory of manifests still declares comes back with its next apply: \
      take it out there, too.
      """,
      examples: ["delete Workload/llama-pretrain", "delete Workload/a Queue/b --yes"],
      exits: ExitWords.carriedOut))

  @Argument(
    help: ArgumentHelp("What is to go.", valueName: "kind/name"), transform: ObjectID.named)
  var objects: [ObjectID]

  @OptionGroup var options: ChangeOptions

  var output: OutputOptions { options.output }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = options.state.path
    let session = try Session(reading: path)
    let stored = try await session.current()
    let wishes = try stored.wishes(at: path)
    for object in objects where !wishes.desired.objects.contains(object) {
      throw .problem(ObjectWording.unknown(object, among: wishes.desired.objects))
    }
    let request = try ManifestRequest(removing: Set(objects), from: wishes)
    let prepared = try await session.prepare(request, over: stored)
    var agreement = options.agreement
    agreement.named = Set(objects)
    return try await Applying(path: path, terminal: terminal, agreement: agreement)
      .apply(prepared, request)
  }
}
