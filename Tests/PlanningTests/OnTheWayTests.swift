import Digests
import Model
import Planning
import Scheduling
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

  /// What was paid for and does not come up is given back, and not bought again where there is a choice.
  @Test func aNodeThatNeverComesUpIsGivenBack() throws {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(4), capacity: [.spot, .onDemand], zones: ["a"])],
      [training("train", replicas: 1)])
    stage.adopt(stage.plan())
    stage.act()
    let created = stage.world.now
    stage.world.delayBoots(by: .hours(5))
    stage.world.advance(to: created + .minutes(30) + Seconds(-1))
    #expect(stage.plan().nodes == [])
    stage.world.advance(to: created + .minutes(30))
    stage.expect(
      "delete gpu-1: gpu-1 lost", "create gpu-2: needed by train",
      "move train/0 from gpu-1 to gpu-2: gpu-1 lost", "gpu-1 booting")
    #expect(stage.plan().target.nodes.map(\.capacityType) == [.onDemand])
    // Where nothing else is sold, it waits.
    stage.change(pool: "gpu") { $0.capacity = [.spot] }
    #expect(stage.plan().pending.map(\.workload.text) == ["train"])
    stage.change(pool: "gpu") { $0.limits.readyWithin = nil }
    #expect(stage.plan().nodes == [])
  }
}
