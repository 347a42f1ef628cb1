import Model

extension ProviderSettings {
  var kind: ProviderKind {
    get {
      switch self {
      case .simulated: .simulated
      case .slurm: .slurm
      case .kubernetes: .kubernetes
      }
    }
    set {
      switch newValue {
      case .simulated: self = .simulated(simulated ?? SimulatedSettings())
      case .slurm: self = .slurm(slurm ?? SlurmSettings())
      case .kubernetes: self = .kubernetes(kubernetes ?? KubernetesSettings())
      }
    }
  }

  // A block of settings may stand before the provider's name; one of another provider is refused by
  // the table's rule.

  var simulated: SimulatedSettings? {
    get {
      switch self {
      case .simulated(let settings): settings
      case .slurm, .kubernetes: nil
      }
    }
    set { if let newValue { self = .simulated(newValue) } }
  }

  var slurm: SlurmSettings? {
    get {
      switch self {
      case .slurm(let settings): settings
      case .simulated, .kubernetes: nil
      }
    }
    set { if let newValue { self = .slurm(newValue) } }
  }

  var kubernetes: KubernetesSettings? {
    get {
      switch self {
      case .kubernetes(let settings): settings
      case .simulated, .slurm: nil
      }
    }
    set { if let newValue { self = .kubernetes(newValue) } }
  }
}
