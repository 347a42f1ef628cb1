public import ArgumentParser
import Diagnostics
public import Git
import Model

/// Where `run` takes manifests from, and whose they must be.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Follow manifests in Git, as REPOSITORY@REF:PATH; file, https or ssh.",
      valueName: "location"))
  var source: String?

  @Option(help: ArgumentHelp("Take only commits that are signed.", valueName: "kind"))
  var verify: SignatureKind?

  @Option(
    help: ArgumentHelp(
      "By whom: ssh's file of allowed signers, or a GnuPG home directory.", valueName: "path"))
  var signers: String?

  @Option(help: ArgumentHelp("A file of revoked ssh keys.", valueName: "file"))
  var revoked: String?

  @Option(
    help: ArgumentHelp(
      "Take this commit, by its full id, although the branch was rewound to it.",
      valueName: "commit"))
  var rewindTo: CommitID?

  @Option(
    help: ArgumentHelp(
      "How long to wait between two fetches; 30s if not given.", valueName: "duration"))
  var fetchEvery: Seconds?

  static let fetchEveryDefault = Seconds(30)

  func validate() throws {
    if source == nil {
      let isBare = verify == nil && signers == nil && rewindTo == nil && fetchEvery == nil
      guard isBare else { throw ValidationError("name what to follow with --source") }
    }
    guard (verify == nil) == (signers == nil) else {
      throw ValidationError("--verify and --signers go together")
    }
    guard revoked == nil || verify == .ssh else {
      throw ValidationError("--revoked goes with --verify ssh")
    }
  }

  /// What is to be followed; nil where no source is named.
  func open(beside statePath: String) async throws(Trouble) -> FollowedSource? {
    guard let source else { return nil }
    let location: GitLocation
    do throws(GitLocation.Fault) {
      location = try GitLocation(source)
    } catch {
      throw .problem(LocationWording.diagnostic(source, error))
    }
    return try await FollowedSource.open(
      location, beside: statePath, trust: try trust(), rewindTo: rewindTo)
  }

  private func trust() throws(Trouble) -> GitTrust? {
    guard let verify, let signers else { return nil }
    for path in [signers, revoked].compactMap(\.self) {
      do throws(POSIX.Problem) {
        _ = try POSIX.status(path)
      } catch {
        throw .problem(SourceWording.unreadable(path, error.text))
      }
    }
    switch verify {
    case .ssh: return .ssh(signers: signers, revoked: revoked)
    case .gpg: return .gpg(home: signers)
    }
  }
}

enum SignatureKind: String, CaseIterable, ExpressibleByArgument { case ssh, gpg }

extension CommitID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
