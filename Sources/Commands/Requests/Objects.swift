public import ArgumentParser
import Diagnostics
public import Model

extension ObjectID: ExpressibleByArgument {
  /// `Workload/chat`; the kind in any case.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2,
      let kind = Kind.allCases.first(where: { $0.rawValue.lowercased() == parts[0].lowercased() })
    else { return nil }
    self.init(kind, parts[1])
  }
}

extension Code {
  static let objectUnknown = Code("object", "unknown")
}

enum ObjectWording {
  static func unknown(_ object: ObjectID, among known: [ObjectID]) -> Diagnostic {
    let near = NearestName.suggest(object.description, among: known.map(\.description))
    return Diagnostic(
      .objectUnknown, "nothing named '\(object)' was applied", at: .invocation,
      help: near.map { "did you mean '\($0)'?" } ?? "'setpoint get' lists what was applied")
  }
}
