import ArgumentParser
import Diagnostics
import Model

extension ObjectID {
  /// `Workload/chat`; the kind in any case.
  static func named(_ argument: String) throws -> ObjectID {
    let parts = argument.split(separator: "/", maxSplits: 1).map(String.init)
    let kinds = Kind.allCases.map(\.rawValue)
    guard parts.count == 2 else {
      throw ValidationError("an object is a kind and a name, such as Workload/\(argument)")
    }
    guard
      let kind = Kind.allCases.first(where: { $0.rawValue.lowercased() == parts[0].lowercased() })
    else {
      let near = NearestName.suggest(parts[0], among: kinds)
      throw ValidationError(
        near.map { "did you mean '\($0)/\(parts[1])'?" }
          ?? "kinds of objects are \(kinds.joined(separator: ", "))")
    }
    return ObjectID(kind, parts[1])
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
