import Model
import Testing

@Suite struct MonthTests {
  @Test(arguments: [
    ("2026-11-27T18:00:00Z", "2026-11", "2026-12-01T00:00:00Z"),
    ("2026-12-31T23:59:59Z", "2026-12", "2027-01-01T00:00:00Z"),
    ("2028-02-29T00:00:00Z", "2028-02", "2028-03-01T00:00:00Z"),
    ("0999-01-01T00:00:00Z", "0999-01", "0999-02-01T00:00:00Z"),
  ]) func aMomentHasAMonth(text: String, name: String, next: String) throws {
    let month = Month(of: try Timestamp.parse(text))
    #expect(month.description == name)
    #expect(Month(name) == month)
    #expect(month.next.start == (try Timestamp.parse(next)))
    #expect(month < month.next)
    #expect(Month(of: month.start) == month)
  }

  @Test(arguments: ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "+026-01"])
  func nothingElseIsAMonth(text: String) { #expect(Month(text) == nil) }
}
