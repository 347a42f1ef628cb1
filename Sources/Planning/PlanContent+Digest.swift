import Digests
import Model
import Scheduling

// What the id of a plan is the digest of: all that it says, written out field by field.

extension PlanContent {
  var digest: Digest {
    var bytes = CanonicalBytes()
    bytes.add("plan 2")
    bytes.add(target.id.digest.hex)
    bytes.add(changes)
    bytes.add(actions)
    bytes.add(placements)
    bytes.add(nodes)
    bytes.add(pending)
    bytes.add(report)
    bytes.add(cost)
    bytes.add(gates)
    bytes.add(readSet.facts)
    return Digest(of: bytes.bytes)
  }
}

extension ObjectChange: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(object.description)
    bytes.add(action.rawValue)
    bytes.add(fields)
    bytes.add(wasProtected)
  }
}

extension FieldChange: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(path)
    bytes.add(before)
    bytes.add(after)
    bytes.add(effect.rawValue)
  }
}

/// What its step is about stands in the target, and in the wishes that the target names.
extension Action: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(id.text)
    bytes.add(cause)
    bytes.add(waits)
  }
}

extension PlacementChange: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(replica)
    bytes.add(kind.rawValue)
    bytes.add(from)
    bytes.add(to)
    bytes.add(devices)
    bytes.add(cause)
    bytes.add(lossMilliDeviceSeconds)
  }
}

extension NodeChange: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(node)
    bytes.add(kind.rawValue)
    bytes.add(pool)
    bytes.add(instanceType)
    bytes.add(zone)
    bytes.add(capacityType.rawValue)
    bytes.add(pricePerHour)
    bytes.add(accelerators)
    bytes.add(cause)
  }
}

extension PendingReplicas: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(workload)
    bytes.add(ordinals)
    bytes.add(reasons)
    bytes.add(remedy)
  }
}

extension ReasonCount: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(reason.rawValue)
    bytes.add(nodes)
    bytes.add(offers)
  }
}

extension CostChange: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(beforePerHour)
    bytes.add(afterPerHour)
    bytes.add(unpriced)
  }
}

extension GateOutcome: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(gate)
    bytes.add(rule)
    bytes.add(findings)
  }
}
