import Diagnostics
import YAML

/// What reading one run's manifests has found wrong so far.
struct Reading {
  private(set) var diagnostics: [Diagnostic] = []

  mutating func report(_ diagnostic: Diagnostic?) {
    if let diagnostic { diagnostics.append(diagnostic) }
  }
}
