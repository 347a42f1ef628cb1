import Model
import Planning
import Testing

extension ProviderHarness {
  func aReplicaStartsAsOrdered() async throws {
    let workload = Fixture.workload(milliDevices: 2000)
    try await boot("a")
    try await apply(
      Fixture.start(workload, 1, on: "a", devices: [1, 3], revision: "r7", incarnation: 4))
    try await settle()
    let replica = try #require(try await observe().replicas.first)
    #expect(replica.id == ReplicaID(workload.name, 1))
    #expect(replica.node == Fixture.id("a"))
    #expect(replica.devices == [1, 3])
    #expect(replica.resources == workload.resources)
    #expect(replica.revision == Revision("r7"))
    #expect(replica.incarnation == 4)
    #expect(replica.phase == .ready)
  }

  func startingTwiceIsOnce() async throws {
    let step = Fixture.start(Fixture.workload(), on: "a")
    try await boot("a")
    try await apply(step, key: "first")
    try await apply(step, key: "first")
    try await settle()
    let before = try await observe().replicas
    try await apply(step, key: "second")
    #expect(try await observe().replicas == before)
    #expect(before.count == 1)
    let otherRevision = Fixture.start(Fixture.workload(), on: "a", revision: "r2")
    #expect(await refusal(of: otherRevision, key: "third")?.isConflict == true)
    #expect(try await observe().replicas == before)
  }

  /// A stop that arrives late, when its replica was started anew meanwhile.
  func aKeyIsCarriedOutOnce() async throws {
    let workload = Fixture.workload()
    try await boot("a")
    try await apply(Fixture.start(workload, on: "a"), key: "start 1")
    try await apply(Fixture.stop(workload, on: "a"), key: "stop 1")
    try await settle()
    try await apply(Fixture.start(workload, on: "a"), key: "start 1")
    #expect(try await observe().replicas.isEmpty)
    try await apply(Fixture.start(workload, on: "a"), key: "start 2")
    try await apply(Fixture.stop(workload, on: "a"), key: "stop 1")
    try await settle()
    #expect(try await observe().replicas.map(\.phase) == [.ready])
  }

  /// Its members are asked for one by one, all of them again, and too late.
  func aGangStartsOnce() async throws {
    let workload = Fixture.workload("train", type: .training, cpu: 2, milliDevices: 2000)
    try await boot("a")
    try await boot("b")
    let starts = Fixture.gang(workload, on: ["a", "b"], devices: [2, 3])
    for start in starts + starts { try await apply(start) }
    try await settle()
    let seen = try await observe().replicas
    #expect(seen.map(\.id.ordinal) == [0, 1])
    #expect(seen.map(\.node) == [Fixture.id("a"), Fixture.id("b")])
    #expect(seen.allSatisfy { $0.phase == .ready && $0.devices == [2, 3] && $0.restarts == 0 })
    try await apply(Fixture.stop(workload, 1, on: "b"))
    try await apply(Fixture.stop(workload, 0, on: "a"))
    try await settle()
    #expect(try await observe().replicas.isEmpty)
    for start in starts { try await apply(start) }
    #expect(try await observe().replicas.isEmpty)
  }

  func aStoppedReplicaGivesItsRoomBack() async throws {
    let workload = Fixture.workload(cpu: 16, milliDevices: 4000)
    try await boot("a")
    try await apply(Fixture.start(workload, 0, on: "a", devices: [0, 1, 2, 3]))
    try await settle()
    try await apply(Fixture.stop(workload, 0, on: "a"))
    try await settle()
    try await apply(Fixture.start(workload, 1, on: "a", devices: [0, 1, 2, 3]))
    #expect(try await observe().replicas.map(\.id.ordinal) == [1])
  }

  func amountsAreNotOversubscribed() async throws {
    let workload = Fixture.workload(cpu: 9)
    try await boot("a")
    try await apply(Fixture.start(workload, 0, on: "a"))
    #expect(await refusal(of: Fixture.start(workload, 1, on: "a"))?.isConflict == true)
    #expect(try await observe().replicas.map(\.id.ordinal) == [0])
  }

  func devicesAreNotOversubscribed() async throws {
    let pair = Fixture.workload(milliDevices: 2000)
    let share = Fixture.workload("notebook", milliDevices: 250)
    try await boot("a")
    try await apply(Fixture.start(pair, 0, on: "a", devices: [0, 1]))
    let overlap = Fixture.start(pair, 1, on: "a", devices: [1, 2])
    #expect(await refusal(of: overlap)?.isConflict == true)
    #expect(await refusal(of: Fixture.start(share, on: "a", devices: [0]))?.isConflict == true)
    #expect(try await observe().replicas.count == 1)
    try await apply(Fixture.start(pair, 1, on: "a", devices: [2, 3]), key: "beside")
    #expect(try await observe().replicas.count == 2)
  }

  func sharesFillADevice() async throws {
    let share = Fixture.workload(milliDevices: 400)
    try await boot("a")
    try await apply(Fixture.start(share, 0, on: "a", devices: [0]))
    try await apply(Fixture.start(share, 1, on: "a", devices: [0]))
    let third = Fixture.start(share, 2, on: "a", devices: [0])
    #expect(await refusal(of: third)?.isConflict == true)
    try await apply(Fixture.start(share, 2, on: "a", devices: [1]), key: "beside")
    #expect(try await observe().replicas.map(\.devices) == [[0], [0], [1]])
  }

  func nothingStartsWithoutAReadyNode() async throws {
    let workload = Fixture.workload()
    #expect(await refusal(of: Fixture.start(workload, on: "never"))?.isConflict == true)
    try await apply(.createNode(Fixture.node("a")))
    try await settle()
    try await apply(.deleteNode(Fixture.id("a")))
    #expect(await refusal(of: Fixture.start(workload, on: "a"))?.isConflict == true)
    #expect(try await observe().replicas.isEmpty)
  }

  func foreignWorkCounts() async throws {
    let pair = Fixture.workload(milliDevices: 2000)
    try await boot("a")
    let theirs = ReplicaResources(
      amounts: Resources(cpuMilli: 1000),
      accelerator: AcceleratorRequest(models: [Fixture.h100], milliDevices: 3000))
    try await occupy(Fixture.id("a"), with: "theirs", theirs)
    let occupants = try await observe().occupants
    #expect(occupants.count == 1 && occupants.allSatisfy { $0.name.contains("theirs") })
    #expect(occupants.map(\.devices.count) == [3])
    let start = Fixture.start(pair, on: "a", devices: [2, 3])
    #expect(await refusal(of: start)?.isConflict == true)
    #expect(try await observe().occupants == occupants)
  }
}
