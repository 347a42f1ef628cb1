import Diagnostics
import Digests
import Manifests
import Model
import Scenarios
import YAML

/// A desired state in the forms in which it is wanted.
struct Wish {
  let desired: DesiredState
  /// As canonical manifests.
  let text: String
  let digest: Digest

  init(_ desired: DesiredState) {
    self.desired = desired
    text = CanonicalText.manifests(desired)
    digest = Digest(of: text)
  }
}

/// The desired states of a script, drawn in advance.
struct WishLibrary {
  private let wishes: [Wish]
  private var byText: [String: Wish]

  init(_ script: Script) {
    var random = RandomWishes(
      seed: script.wishes, isTimed: script.isTimed, isElastic: script.isElastic)
    let numbers = script.entries.compactMap { entry -> Int? in
      if case .apply(let number) = entry.happening { number } else { nil }
    }
    wishes = (0...max(0, numbers.max() ?? 0)).map { _ in Wish(random.state()) }
    byText = Dictionary(wishes.map { ($0.text, $0) }) { first, _ in first }
  }

  subscript(number: Int) -> Wish { wishes[number % wishes.count] }

  /// What was stored as this text, read back as the program reads it; nil where it does not.
  mutating func wish(storedAs text: String) -> Wish? {
    if let known = byText[text], known.desired == desired(text) { return known }
    return nil
  }

  private var read: [String: DesiredState] = [:]

  private mutating func desired(_ text: String) -> DesiredState? {
    if let known = read[text] { return known }
    let sources = Sources([SourceText(path: "state", text: text)])
    let result = ManifestReader.read(sources, limits: .generated)
    guard !result.hasErrors else { return nil }
    let desired = DesiredState(result.value.manifests.map(\.spec))
    read[text] = desired
    return desired
  }
}
