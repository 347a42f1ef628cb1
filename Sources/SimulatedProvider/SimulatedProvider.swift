// SimulatedProvider
