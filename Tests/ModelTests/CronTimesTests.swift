import Model
import Testing

@Suite struct CronTimesTests {
  private func moment(_ text: String) throws -> Timestamp { try Timestamp.parse(text) }

  private func schedule(_ start: String, _ duration: Seconds = .minutes(1)) throws -> ScaleSchedule
  {
    ScaleSchedule(start: try CronTimes.parse(start), duration: duration, replicas: 1)
  }

  /// What holds for a minute from each moment holds in exactly those minutes.
  @Test(arguments: [
    ("* * * * *", "2026-07-01T12:34:56Z", true),
    ("34 12 * * *", "2026-07-01T12:34:00Z", true), ("34 12 * * *", "2026-07-01T12:34:59Z", true),
    ("34 12 * * *", "2026-07-01T12:35:00Z", false), ("34 12 * * *", "2026-07-01T12:33:59Z", false),
    ("*/15 * * * *", "2026-07-01T12:45:00Z", true), ("*/15 * * * *", "2026-07-01T12:46:00Z", false),
    ("10-20/5 * * * *", "2026-07-01T00:15:00Z", true),
    ("10-20/5 * * * *", "2026-07-01T00:25:00Z", false),
    ("0 8,20 * * *", "2026-07-01T20:00:00Z", true), ("0 8,20 * * *", "2026-07-01T21:00:00Z", false),
    // A Wednesday.
    ("0 0 * * wed", "2026-07-01T00:00:00Z", true), ("0 0 * * 1-5", "2026-07-01T00:00:00Z", true),
    ("0 0 * * 0", "2026-07-05T00:00:00Z", true), ("0 0 * * 7", "2026-07-05T00:00:00Z", true),
    ("0 0 * * 6-7", "2026-07-05T00:00:00Z", true), ("0 0 * * 1", "2026-07-05T00:00:00Z", false),
    ("0 0 29 2 *", "2028-02-29T00:00:00Z", true), ("0 0 1 JUL *", "2026-07-01T00:00:00Z", true),
    // By its date or its weekday where both are restricted, by both where one is not.
    ("0 0 13 * 5", "2026-07-03T00:00:00Z", true), ("0 0 13 * 5", "2026-07-13T00:00:00Z", true),
    ("0 0 13 * 5", "2026-07-14T00:00:00Z", false),
    ("0 0 * 8 wed", "2026-07-01T00:00:00Z", false),
    ("0 0 1 1 *", "1960-01-01T00:00:30Z", true),
  ]) func aMinuteMatches(text: String, at: String, holds: Bool) throws {
    #expect(try schedule(text).holds(at: try moment(at)) == holds, "\(text) at \(at)")
  }

  @Test func itHoldsForItsTimeAcrossMidnight() throws {
    let night = try schedule("0 22 * * fri", .hours(10))
    #expect(try night.holds(at: moment("2026-07-03T21:59:59Z")) == false)
    #expect(try night.holds(at: moment("2026-07-03T22:00:00Z")))
    #expect(try night.holds(at: moment("2026-07-04T07:59:59Z")))
    #expect(try night.holds(at: moment("2026-07-04T08:00:00Z")) == false)
    let month = try schedule("0 0 1 1 *", ScaleSchedule.durationMax)
    #expect(try month.holds(at: moment("2026-01-31T23:59:59Z")))
    #expect(try month.holds(at: moment("2026-02-01T00:00:00Z")) == false)
    #expect(try schedule("0 0 * * *", .zero).holds(at: moment("2026-02-01T00:00:00Z")) == false)
  }

  @Test(arguments: [
    ("0 8 * * 1-5", "0 8 * * 1-5"), (" 0  8\t*  * Mon-FRI ", "0 8 * * mon-fri"),
  ]) func itIsWrittenAsItWasRead(text: String, written: String) throws {
    let times = try CronTimes.parse(text)
    #expect(times.description == written)
    #expect(try CronTimes.parse(written) == times)
    #expect(try CronTimes.parse("0 0 * * *") == .daily)
  }

  @Test(arguments: [
    ("", "five fields"), ("0 8 * *", "five fields"), ("@daily", "five fields"),
    ("0 8 * * * *", "five fields"), ("60 * * * *", "minutes from 0 to 59"),
    ("0 24 * * *", "hours from 0 to 23"), ("0 0 0 * *", "days of the month from 1 to 31"),
    ("0 0 * 13 *", "months from 1 to 12"), ("0 0 * * 8", "days of the week from 0 to 7"),
    ("0 0 * * mo", "'mo'"), ("5-1 * * * *", "'5-1'"), ("*/0 * * * *", "'*/0'"),
    ("5/10 * * * *", "'5'"), ("1,,2 * * * *", "''"), ("-1 * * * *", "'-1'"), ("1- * * * *", "'1-'"),
    ("+1 * * * *", "'+1'"), ("0 0 30 2 *", "no such day"), ("0 0 31 4,6 *", "no such day"),
  ]) func whatMeansNothingIsRefused(text: String, help: String) {
    let problem = #expect(throws: TextProblem.self) { try CronTimes.parse(text) }
    guard case .malformed(let said)? = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
    #expect(said?.contains(help) ?? false, "\(said ?? "nothing")")
  }

  /// In Berlin clocks go from 2 to 3 at 1:00 UTC, and from 3 back to 2 at 1:00 UTC in autumn.
  @Test func aDayIsShorterAndLongerWithItsClocks() throws {
    let berlin = ZoneOffsets(
      first: .hours(1),
      changes: [
        ZoneOffsets.Change(at: try moment("2026-03-29T01:00:00Z"), offset: .hours(2)),
        ZoneOffsets.Change(at: try moment("2026-10-25T01:00:00Z"), offset: .hours(1)),
      ])
    let day = try schedule("0 8 * * *", .hours(10))
    func holds(_ text: String) throws -> Bool { day.holds(at: berlin.wall(at: try moment(text))) }
    #expect(try holds("2026-03-28T06:59:59Z") == false)
    #expect(try holds("2026-03-28T07:00:00Z"))
    #expect(try holds("2026-03-29T06:00:00Z"))
    #expect(try holds("2026-03-29T16:00:00Z") == false)
    // The hour that is left out still begins something, and the one that comes twice does so twice.
    let gone = try schedule("30 2 * * *", .hours(1))
    #expect(gone.holds(at: berlin.wall(at: try moment("2026-03-29T01:10:00Z"))))
    let twice = try schedule("30 2 * * *", .minutes(10))
    #expect(twice.holds(at: berlin.wall(at: try moment("2026-10-25T00:35:00Z"))))
    #expect(twice.holds(at: berlin.wall(at: try moment("2026-10-25T01:35:00Z"))))
    #expect(
      ZoneOffsets.utc.wall(at: try moment("2026-03-29T01:00:00Z")).description
        == "2026-03-29T01:00:00Z")
  }
}
