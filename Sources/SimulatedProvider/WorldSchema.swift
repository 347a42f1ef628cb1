import Foundation
import GRDB
import Model
import Planning
import Simulation

/// The tables of a world's file.
enum WorldSchema {
  static let version = 1

  static func prepare(_ database: Database) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw Failure.terminal(
        "the simulated world was written by a newer release (its version is \(found), and this"
          + " release knows \(version))")
    }
    guard found == 0 else { return }
    try database.execute(
      sql: """
        CREATE TABLE world (
          one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL,
          now INTEGER NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT;
        CREATE TABLE node (
          cluster TEXT NOT NULL, name TEXT NOT NULL,
          body TEXT NOT NULL CHECK (json_valid(body)), PRIMARY KEY (cluster, name)) STRICT;
        CREATE TABLE receipt (
          seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT;
        PRAGMA user_version = \(version);
        """)
  }
}

extension WorldFile.Stored {
  init(reading database: Database) throws {
    let row = try Row.fetchOne(database, sql: "SELECT generation, now, body FROM world")
    guard let row else {
      self.init()
      return
    }
    let decoder = JSONDecoder()
    func decode<Value: Decodable>(_ type: Value.Type, _ body: String) throws -> Value {
      try decoder.decode(type, from: Data(body.utf8))
    }
    let rest = try decode(RestRecord.self, row["body"])
    let nodes = try String.fetchAll(database, sql: "SELECT body FROM node")
      .map { try decode(NodeRecord.self, $0).value() }
    let receipts = try Row.fetchAll(database, sql: "SELECT key, at FROM receipt ORDER BY seq")
      .map { World.Receipt(key: IdempotencyKey($0["key"]), at: Timestamp(seconds: $0["at"])) }
    self.init(
      generation: row["generation"],
      world: World(
        now: Timestamp(seconds: row["now"]), nodes: nodes,
        finished: try rest.finished.map { try $0.value() }, runs: rest.runs.map(\.value),
        receipts: World.Receipts(receipts), faults: rest.faults.value))
  }

  /// Writes what was changed.
  func save(in database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func encode(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO world (one, generation, now, body) VALUES (1, ?, ?, ?)"
    ).execute(arguments: [generation, world.now.seconds, try encode(RestRecord(world))])
    for id in world.nodes.touched.sorted() {
      if let node = world.node(id) {
        try database.cachedStatement(
          sql: "INSERT OR REPLACE INTO node (cluster, name, body) VALUES (?, ?, ?)"
        ).execute(arguments: [id.cluster.text, id.name, try encode(NodeRecord(node))])
      } else {
        try database.cachedStatement(sql: "DELETE FROM node WHERE cluster = ? AND name = ?")
          .execute(arguments: [id.cluster.text, id.name])
      }
    }
    for receipt in world.receipts.forgotten {
      try database.cachedStatement(sql: "DELETE FROM receipt WHERE key = ?")
        .execute(arguments: [receipt.key.text])
    }
    for receipt in world.receipts.added {
      try database.cachedStatement(sql: "INSERT INTO receipt (key, at) VALUES (?, ?)")
        .execute(arguments: [receipt.key.text, receipt.at.seconds])
    }
  }
}
