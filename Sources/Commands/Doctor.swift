import ArgumentParser
import Interfaces
import Model
import Planning
import SQLiteStore
import Views

struct Doctor: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the state file, and compare what it says with what is there.",
    discussion: HelpText.discussion(
      """
      Looks and changes nothing: whether the file is whole, readable by its owner only and of a form \
      that this release knows; whether its chain of records is; what was begun and not ended; and \
      what runs that no decision wants.
      """,
      examples: ["doctor", "doctor --state prod.db -o json"],
      exits: [
        (Exit.done.rawValue, "nothing is bad"),
        (Exit.failed.rawValue, "something is bad, or the state can't be read"),
      ]))

  @OptionGroup var format: FormatOption
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let path = state.path
    var checkup = Checkup()
    let isThere = try checkFile(path, &checkup)
    let session = try Session(reading: path)
    let stored = try await session.current()
    if isThere { try await check(session.store, &checkup) }
    checkIntents(stored, &checkup)
    let clusters = try stored.wishes(at: path).desired.clusters
    checkup.compare(stored.target, with: await session.observe(clusters))
    try terminal.print(checkup.listing, as: format.format)
    return checkup.isBad ? .failed : .done
  }

  /// Whether there is a file at all.
  private func checkFile(_ path: String, _ checkup: inout Checkup) throws(Trouble) -> Bool {
    let form: (found: Int, known: Int)?
    do throws(StoreError) { form = try StateDatabase.form(of: path) } catch { throw .state(error) }
    guard let form else {
      checkup.add(
        "file", .note,
        "there is no state at \(path); if there was one, apply the manifests again: what runs is"
          + " found by its owner tags, and nothing is made twice")
      return false
    }
    if let problem = POSIX.opennessOfFile(path) {
      checkup.add("file", .bad, "\(path) \(problem)")
    } else {
      checkup.add("file", .good, "\(path), for its owner only")
    }
    checkup.add(
      "form", form.found == form.known ? .good : .note,
      form.found == form.known
        ? "version \(form.found), the newest that this release knows"
        : "version \(form.found); the next change takes it to \(form.known)")
    return true
  }

  private func check(_ store: SQLiteStore, _ checkup: inout Checkup) async throws(Trouble) {
    do throws(StoreError) {
      let damages = try await store.damages()
      for damage in damages { checkup.add("integrity", .bad, damage) }
      if damages.isEmpty { checkup.add("integrity", .good, "SQLite finds the file whole") }
      let trail = try await store.audit()
      for problem in trail.problems { checkup.add("chain", .bad, problem) }
      if trail.problems.isEmpty {
        checkup.add("chain", .good, "\(trail.head.number) links, none of them broken")
      }
      if let lease = try await store.lease() {
        checkup.add("lease", .good, "\(lease.holder) has the turn until \(lease.end)")
      }
      for work in try await store.inFlight() {
        let isOut = work.count >= Quarantine.crashesMax
        checkup.add(
          "in-flight", isOut ? .bad : .note,
          "\(work.subject) was begun \(work.count) times since \(work.since) and never ended"
            + (isOut ? "; it is set aside until the manifests change" : ""))
      }
    } catch {
      throw .state(error)
    }
  }

  private func checkIntents(_ stored: StoredState, _ checkup: inout Checkup) {
    for intent in stored.openIntents {
      checkup.add(
        "intents", .note,
        "\(intent.action) was intended at \(intent.at), and nobody knows whether it happened;"
          + " the next apply or run looks")
    }
    if stored.openIntents.isEmpty {
      checkup.add("intents", .good, "every intent has an outcome")
    }
  }
}
