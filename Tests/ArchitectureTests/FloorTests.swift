import Foundation
import Testing

/// What goes up and down in the house. `swift build` alone accepts an undeclared import of a sibling.
@Suite struct FloorTests {
  let house: House

  init() throws { house = try House() }

  @Test func everyFolderIsATargetOnSomeFloor() {
    let folders = Set(house.sources.map(\.target))
    #expect(folders.count > 15)
    #expect(folders.subtracting(house.targets.map(\.name)) == [])
  }

  @Test func theMapShowsEveryTargetOnItsFloor() throws {
    let map = try String(
      contentsOf: House.root.appending(path: "docs/architecture.md"), encoding: .utf8)
    let targets = house.targets.filter { !$0.name.contains(/Test(s|Support)$/) }
    let rows = map.matches(of: /\n\| (\d+) \| `([\w-]+)` \|/).map { "\($0.1) \($0.2)" }
    #expect(rows.sorted() == targets.map { "\($0.floor) \($0.name)" }.sorted())
  }

  @Test func targetsDependOnLowerFloorsOnly() {
    for target in house.targets {
      for dependency in target.dependencies.compactMap(house.target) {
        #expect(dependency.floor < target.floor, "\(target.name) → \(dependency.name)")
      }
    }
  }

  @Test func importsOfOurTargetsAreDeclared() {
    for file in house.sources {
      guard let target = house.target(file.target) else { continue }
      for line in file.lines {
        guard let imported = line.firstMatch(of: /^(?:public |internal )?import (\w+)/)?.1 else {
          continue
        }
        guard house.target(String(imported)) != nil else { continue }
        #expect(target.dependencies.contains(String(imported)), "\(file.path): \(line)")
      }
    }
  }

  @Test func adaptersNeverImportOneAnother() {
    let adapters = house.targets.filter { $0.floor == 8 && $0.name != "Execution" }
    for adapter in adapters {
      #expect(adapter.dependencies.isDisjoint(with: adapters.map(\.name)), "\(adapter.name)")
    }
  }

  /// Where it has to be made of the type's name, that is looked for among all conformances of the
  /// program, for each command, at every start.
  @Test func everyCommandSaysItsName() {
    let commands = house.sources.filter { $0.target == "Commands" }
    #expect(commands.count > 20)
    for file in commands {
      let text = file.lines.joined(separator: "\n")
      let names = text.matches(of: /CommandConfiguration\(\s*commandName: "/).count
      #expect(text.matches(of: /CommandConfiguration\(/).count == names, "\(file.path)")
    }
  }
}
