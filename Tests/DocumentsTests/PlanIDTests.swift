import Digests
import Documents
import Model
import Planning
import Scheduling
import Testing

/// A plan's id says all of the plan: whatever is other, the id is another. That it stays the same from
/// release to release is seen to by the snapshot of a whole plan.
@Suite struct PlanIDTests {
  static let whole = {
    let plan = WholePlan.saved.plan
    var content = PlanContent(target: plan.target)
    content.changes = plan.changes
    content.actions = plan.actions
    content.placements = plan.placements
    content.nodes = plan.nodes
    content.pending = plan.pending
    content.report = plan.report
    content.cost = plan.cost
    content.gates = plan.gates
    content.readSet = plan.readSet
    return content
  }()

  typealias Edit = @Sendable (inout PlanContent) -> Void

  static let edits: [Edit] = [
    { _ in },
    {
      $0.target = Target(
        parent: nil, desired: $0.target.desired, nodes: [], replicas: [], nextNodeOrdinals: [])
    },
    { $0.changes[0].object = ObjectID(.queue, "h100") },
    { $0.changes[0].action = .delete },
    { $0.changes[0].wasProtected = true },
    { $0.changes[0].fields[0].path = "spec.imag" },
    { $0.changes[0].fields[0].before = "" },
    {
      $0.changes[0].fields[0].before = "no"
      $0.changes[0].fields[0].after = nil
    },
    { $0.changes[0].fields[0].effect = .replacesNodes },
    { $0.changes[0].fields.removeLast() },
    { $0.actions[0].cause = .expired },
    { $0.actions[3].waits = [] },
    { $0.actions[4].waits.reverse() },
    { $0.actions.swapAt(0, 1) },
    { $0.placements[0].replica = ReplicaID(WorkloadName("train"), 40) },
    { $0.placements[0].kind = .restart },
    { $0.placements[2].from = nil },
    { $0.placements[2].to = nil },
    { $0.placements[0].devices = [0] },
    { $0.placements[0].devices = [0, 1] },
    { $0.placements[0].lossMilliDeviceSeconds = 1 },
    { $0.nodes[0].node = NodeID(ClusterName("us"), "h100-9") },
    { $0.nodes[0].kind = .delete },
    { $0.nodes[0].pool = nil },
    { $0.nodes[0].instanceType = "p5.4xlarge" },
    { $0.nodes[0].zone = "us-east-1b" },
    { $0.nodes[0].capacityType = .spot },
    { $0.nodes[0].pricePerHour = nil },
    { $0.nodes[0].accelerators = nil },
    { $0.nodes[0].accelerators?.count = 4 },
    { $0.nodes[0].accelerators?.memoryBytes = 1 },
    { $0.nodes[0].cause = .poolMinimum },
    { $0.pending[0].ordinals = [0, 17] },
    { $0.pending[0].reasons[0].nodes = 2 },
    { $0.pending[0].reasons[0].offers = 1 },
    { $0.pending[0].reasons.removeLast() },
    { $0.cost.beforePerHour = .zero },
    { $0.cost.afterPerHour = .zero },
    { $0.cost.unpriced = [] },
    { $0.gates[0].gate = GateName("test") },
    { $0.gates[0].findings = [] },
    { $0.gates[0].findings = ["too ", "\"much\""] },
  ]

  /// Every case that a part can be, alone in its list.
  static let cases: [PlanContent] = {
    var contents: [PlanContent] = []
    func add(_ edit: (inout PlanContent) -> Void) {
      var content = whole
      edit(&content)
      contents.append(content)
    }
    for change in whole.placements { add { $0.actions[0].cause = change.cause } }
    // The first has no remedy, as it is in the whole.
    for pending in whole.pending.dropFirst() { add { $0.pending[0].remedy = pending.remedy } }
    for entry in whole.report { add { $0.report = [entry] } }
    for gate in whole.gates { add { $0.gates = [gate] } }
    for fact in whole.readSet.facts { add { $0.readSet = ReadSet([fact]) } }
    return contents
  }()

  @Test func whateverIsOtherTheIDIsAnother() {
    let edited = Self.edits.map { edit in
      var content = Self.whole
      edit(&content)
      return content
    }
    var numberByID: [PlanID: Int] = [:]
    for (number, content) in (edited + Self.cases).enumerated() {
      guard let other = numberByID.updateValue(number, forKey: Plan(content).id) else { continue }
      let isSame = content == (edited + Self.cases)[other]
      #expect(isSame, "contents \(other) and \(number) have the same id")
    }
  }
}
