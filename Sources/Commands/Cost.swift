public import ArgumentParser
import Interfaces
public import Model
import Planning
import SQLiteStore
import SimulatedProvider
import Views

struct Cost: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "Tell what was spent this month, for whom, and what it comes to.",
    discussion: HelpText.discussion(
      """
      'run' and 'apply' write down what nodes cost for as long as they are there, shared among the \
      workloads on them; what nobody uses is idle. Nodes that came and went while nobody looked are \
      not in it. Months are those of UTC.
      """,
      examples: ["cost", "cost --month 2026-10 -o json"]))

  @Option(help: ArgumentHelp("Another month, such as 2026-10.", valueName: "month"))
  var month: Month?

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let session = try Session(reading: state.path)
    let stored = try await session.current()
    let wishes = try stored.wishes(at: state.path)
    let observed = await session.observe(wishes.desired.clusters)
    let now = await session.clock.now()
    let account: Account
    do throws(StoreError) {
      account = try await session.account(
        observed, wishes, stored, of: month ?? Month(of: now), at: now)
    } catch {
      throw .state(error)
    }
    for unseen in observed.unseen {
      terminal.say("\(unseen.cluster) can't be seen: what it costs now is not in this.\n")
    }
    let view = CostView(account.spending, account.rate, wishes.desired, at: now)
    switch format.format {
    case .text: try terminal.print(view.text(in: terminal.style))
    case .json: try terminal.print(view.json)
    }
    return .done
  }
}

extension Month: ExpressibleByArgument {
  /// `2026-10`
  public init?(argument: String) { self.init(argument) }
}
