import Diagnostics
import KubernetesProvider
import Manifests
import Model
import Planning

/// The time in which this process leads those that could do the same.
struct Leading: Sendable {
  private let leadership: Leadership
  private let interrupts: Interrupts
  private let terminal: Terminal

  init(_ leadership: Leadership, _ interrupts: Interrupts, _ terminal: Terminal) {
    self.leadership = leadership
    self.interrupts = interrupts
    self.terminal = terminal
  }

  /// Waits until it begins; false where the process was asked to leave before.
  func win() async throws(Trouble) -> Bool {
    let winning = Task { [leadership, terminal] in
      do throws(Failure) {
        return Result<Bool, Failure>.success(
          try await leadership.win { terminal.say(LeaseWording.waits(for: $0)) })
      } catch { return Result<Bool, Failure>.failure(error) }
    }
    let leaving = Task { [interrupts] in
      for await _ in interrupts.requests { winning.cancel() }
    }
    defer { leaving.cancel() }
    do throws(Failure) {
      guard try await winning.value.get() else { return false }
    } catch { throw .problem(LeaseWording.failed("\(error)")) }
    terminal.say(LeaseWording.leads(as: leadership.identity))
    return true
  }

  /// Renews it while `body` runs, asks that to leave where it is lost, and gives it up in the end.
  func during(_ body: () async throws(Trouble) -> Exit) async throws(Trouble) -> Exit {
    let holding = Task { [leadership, interrupts, terminal] in
      guard let why = await leadership.hold() else { return false }
      terminal.complain(.problem(LeaseWording.lost(why)))
      interrupts.leave()
      return true
    }
    let result: Result<Exit, Trouble>
    do throws(Trouble) { result = .success(try await body()) } catch { result = .failure(error) }
    holding.cancel()
    let isLost = await holding.value
    await leadership.release()
    let exit = try result.get()
    return isLost ? .failed : exit
  }
}

extension Code {
  static let leaseFailed = Code("lease", "failed")
  static let leaseLost = Code("lease", "lost")
}

/// What becomes of a lease, in words.
enum LeaseWording {
  static func waits(for holder: String) -> String {
    "\(Visible.line(holder)) leads; this process waits for its lease.\n"
  }

  static func leads(as identity: String) -> String { "This process leads, as \(identity).\n" }

  static func failed(_ why: String) -> Diagnostic {
    Diagnostic(
      .leaseFailed, "the lease can't be had: \(why)", at: .invocation,
      help: "docs/kubernetes/rbac.yaml has the role that suffices, and its namespace must be there")
  }

  static func lost(_ why: String) -> Diagnostic {
    Diagnostic(
      .leaseLost, "this process does not lead any more: \(why)", at: .invocation,
      help: "nothing was done since; start it again, and it waits for the lease")
  }
}

extension DiagnosticPage {
  /// The pages of what can go wrong with the lease of several runs.
  static let leasePages = [
    DiagnosticPage(
      .leaseFailed, "A run that was to lead under a lease can't have one.",
      why: "Without it nobody knows whether another run leads already.",
      wayOut: "Let it get, create and update Leases in that namespace; `docs/kubernetes/rbac.yaml`"
        + " has the role.",
      example: event(
        "`setpoint run --lease setpoint/setpoint`, in a namespace that is not there:",
        LeaseWording.failed(#"namespaces "setpoint" not found"#))),
    DiagnosticPage(
      .leaseLost, "A run that led does not do so any more.",
      why: "It could not renew its lease in time, and from then on another one may lead: this one"
        + " does nothing more and leaves.",
      wayOut: "Nothing, where it is started again by itself, as in a Deployment. Where it happens"
        + " often, see how quickly the API server answers.",
      example: event(
        "`setpoint run --lease setpoint/setpoint`, after the network was gone for a while:",
        LeaseWording.lost("setpoint-7d9f_3a leads by now"))),
  ]
}
