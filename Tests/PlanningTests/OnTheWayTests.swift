import Digests
import Model
import Planning
import Simulation
import Testing

/// What is left to do of a decision when the world is looked at on the way.
@Suite struct OnTheWayTests {
  /// Whatever the target says, nothing starts in room that is still taken.
  @Test func aStartWithoutRoomWaitsForAllThatGoes() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(1))],
      [service("less", replicas: 1, cpu: 4), service("stay", replicas: 1, cpu: 10)])
    stage.expectSettles()
    stage.desired.workloads[0] = service("more", replicas: 1, cpu: 10)
    let crowded = stage.target?.replicas.map { replica in
      var replica = replica
      if replica.id.workload.text == "less" {
        replica.id = ReplicaID(WorkloadName("more"), 0)
        replica.revision = stage.desired.workloads[0].revision
        replica.incarnation += 1
      }
      return replica
    }
    let target = Target(
      parent: nil, desired: Digest(of: "more"), nodes: stage.target?.nodes ?? [],
      replicas: crowded ?? [], nextNodeOrdinals: [])
    let actions = Differ.actions(toward: target, desired: stage.desired, from: stage.observed)
    #expect(
      actions.map { "\($0.id) after \($0.waits)" } == [
        "stop less/0 on c/cpu-1 after []",
        "start more/0 on c/cpu-1 #2 after [Planning.Wait.replicaGone(less/0, on: c/cpu-1)]",
      ])
  }

  /// A node that an earlier plan gave up is on its way out for that plan's reasons, not unknown.
  @Test func aNodeThatIsBeingEmptiedIsNotUnknown() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(2))], [service("web", replicas: 2, cpu: 10)])
    stage.expectSettles()
    stage.change("web") { $0.replicas = .range(CountRange(1)) }
    stage.change(pool: "cpu") { $0.nodes = .to(1) }
    stage.adopt(stage.plan())
    stage.act()
    stage.expect("delete cpu-2: unwanted")
  }
}
