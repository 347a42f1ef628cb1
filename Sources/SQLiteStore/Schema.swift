import GRDB

/// The tables, as a list of steps that is only ever added to: step n leads to `user_version` n.
enum Schema {
  /// "STPT": tells our files from other people's databases.
  static let applicationID = 0x5354_5054

  static var version: Int { steps.count }

  static func migrate(_ db: Database, to version: Int = version) throws {
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    for (number, step) in steps.prefix(version).enumerated() where number >= found {
      try db.execute(sql: step)
      // Digests are not among what SQL can compute.
      if number + 1 == chainSince { try Chain.begin(db) }
      try db.execute(sql: "PRAGMA user_version = \(number + 1)")
    }
  }

  private static let steps = [first, second, third, fourth, fifth, sixth]

  /// The step that begins the chain.
  private static let chainSince = 3

  private static let first = """
    PRAGMA application_id = \(applicationID);

    CREATE TABLE target (
      id TEXT PRIMARY KEY CHECK (length(id) = 64),
      parent_id TEXT REFERENCES target (id),
      body TEXT NOT NULL CHECK (json_valid(body)),
      created_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE current_target (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      target_id TEXT NOT NULL REFERENCES target (id)
    ) STRICT;

    CREATE TABLE revision (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      target_id TEXT NOT NULL UNIQUE REFERENCES target (id),
      plan_id TEXT NOT NULL,
      at TEXT NOT NULL,
      summary TEXT NOT NULL,
      manifests TEXT NOT NULL
    ) STRICT;

    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL CHECK (key <> ''),
      action TEXT NOT NULL,
      target_id TEXT NOT NULL REFERENCES target (id),
      at TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('intent', 'done', 'failed')),
      failure TEXT CHECK (json_valid(coalesce(failure, '{}'))),
      CHECK ((failure IS NOT NULL) = (kind = 'failed'))
    ) STRICT;
    CREATE INDEX journal_by_key ON journal (key, seq);
    CREATE INDEX journal_by_action ON journal (action, kind);

    CREATE TABLE event (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      subject TEXT NOT NULL,
      reason TEXT NOT NULL,
      message TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_by_subject ON event (subject, seq);

    -- An outcome answers an intent: whoever writes one without the other is wrong about the world.
    CREATE TRIGGER journal_outcome BEFORE INSERT ON journal
    WHEN NEW.kind <> 'intent' AND NOT EXISTS (SELECT 1 FROM journal WHERE key = NEW.key)
    BEGIN SELECT RAISE(ABORT, 'an outcome without an intent'); END;

    -- The new target's parent is the one that was current, whatever the program believes.
    CREATE TRIGGER current_follows BEFORE UPDATE ON current_target
    WHEN OLD.target_id IS NOT (SELECT parent_id FROM target WHERE id = NEW.target_id)
    BEGIN SELECT RAISE(ABORT, 'the parent is not current'); END;

    \(appendOnly("target"))
    \(appendOnly("revision"))
    \(appendOnly("journal"))
    \(appendOnly("event"))
    """

  /// Prices, a lease, and old bodies that may be forgotten: rows stay, since the journal and the history
  /// speak of them; what makes them large goes. A target whose body is `null` is a forgotten one.
  private static let second = """
    CREATE TABLE price_file (
      target_id TEXT NOT NULL REFERENCES target (id),
      cluster TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (target_id, cluster)
    ) STRICT;

    CREATE TABLE lease (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      holder TEXT NOT NULL CHECK (holder <> ''),
      ends_at TEXT NOT NULL
    ) STRICT;

    CREATE INDEX target_whole ON target (id) WHERE body <> 'null';

    DROP TRIGGER target_keeps;
    CREATE TRIGGER target_keeps BEFORE UPDATE ON target
    WHEN NEW.id <> OLD.id OR NEW.parent_id IS NOT OLD.parent_id
      OR NEW.created_at <> OLD.created_at OR NEW.body <> 'null' OR \(isCurrent("OLD.id"))
    BEGIN SELECT RAISE(ABORT, 'target is append-only'); END;

    DROP TRIGGER revision_keeps;
    CREATE TRIGGER revision_keeps BEFORE UPDATE ON revision
    WHEN NEW.number <> OLD.number OR NEW.target_id <> OLD.target_id
      OR NEW.plan_id <> OLD.plan_id OR NEW.at <> OLD.at OR NEW.summary <> OLD.summary
      OR NEW.manifests <> '' OR \(isCurrent("OLD.target_id"))
    BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;

    CREATE TRIGGER price_file_keeps BEFORE UPDATE ON price_file
    BEGIN SELECT RAISE(ABORT, 'price_file is append-only'); END;
    CREATE TRIGGER price_file_stays BEFORE DELETE ON price_file
    WHEN \(isCurrent("OLD.target_id"))
    BEGIN SELECT RAISE(ABORT, 'the current prices stay'); END;
    """

  /// A chain over all that is appended, and what was on its way when a process died.
  private static let third = """
    CREATE TABLE chain (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      subject TEXT NOT NULL CHECK (subject IN ('revision', 'body', 'journal', 'event')),
      item INTEGER NOT NULL,
      content TEXT NOT NULL CHECK (length(content) = 64),
      link TEXT NOT NULL CHECK (length(link) = 64),
      UNIQUE (subject, item)
    ) STRICT;
    \(appendOnly("chain"))

    CREATE TABLE in_flight (
      subject TEXT PRIMARY KEY CHECK (subject <> ''),
      count INTEGER NOT NULL CHECK (count > 0),
      since TEXT NOT NULL
    ) STRICT;
    """

  /// Objects that are left as they are until they are resumed.
  private static let fourth = """
    CREATE TABLE paused (
      object TEXT PRIMARY KEY CHECK (object <> ''),
      since TEXT NOT NULL,
      reason TEXT NOT NULL
    ) STRICT;
    """

  /// Which intents are open, for those who would have to read the whole journal for it. The journal
  /// itself keeps it, whoever writes there.
  private static let fifth = """
    CREATE TABLE open_intent (
      key TEXT PRIMARY KEY,
      seq INTEGER NOT NULL UNIQUE
    ) STRICT, WITHOUT ROWID;

    INSERT INTO open_intent (key, seq) SELECT key, seq FROM journal
    WHERE kind = 'intent'
      AND seq = (SELECT max(seq) FROM journal AS later WHERE later.key = journal.key);

    CREATE TRIGGER journal_opens AFTER INSERT ON journal WHEN NEW.kind = 'intent'
    BEGIN
      INSERT INTO open_intent (key, seq) VALUES (NEW.key, NEW.seq)
      ON CONFLICT (key) DO UPDATE SET seq = excluded.seq;
    END;
    CREATE TRIGGER journal_closes AFTER INSERT ON journal WHEN NEW.kind <> 'intent'
    BEGIN DELETE FROM open_intent WHERE key = NEW.key; END;
    """

  /// What was spent in each month, and up to when each cluster was accounted for.
  private static let sixth = """
    CREATE TABLE spending (
      month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
      cluster TEXT NOT NULL CHECK (cluster <> ''),
      queue TEXT NOT NULL,
      workload TEXT NOT NULL,
      micros INTEGER NOT NULL CHECK (micros >= 0),
      PRIMARY KEY (month, cluster, queue, workload)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE accounted (
      cluster TEXT PRIMARY KEY CHECK (cluster <> ''),
      until TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  private static func isCurrent(_ target: String) -> String {
    "\(target) IN (SELECT target_id FROM current_target)"
  }

  private static func appendOnly(_ table: String) -> String {
    """
    CREATE TRIGGER \(table)_keeps BEFORE UPDATE ON \(table)
    BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
    CREATE TRIGGER \(table)_stays BEFORE DELETE ON \(table)
    BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
    """
  }
}
