import Catalog
import Model
import Testing

@Suite struct RepricingTests {
  @Test(arguments: [
    ("spot+20%", 120), ("spot-100%", 0), ("all+5%", 105), ("p5.48xlarge:spot+50%", 150),
    ("p5.48xlarge-10%", 90), ("on-demand+0%", 100),
  ]) func aChangeIsReadAndWritten(text: String, percent: Int64) throws {
    let repricing = try #require(Repricing(text))
    #expect(repricing.description == text)
    #expect(repricing.applied(to: Money(micros: 1_000_000)) == Money(micros: percent * 10_000))
  }

  @Test(arguments: [
    "", "spot", "spot+", "spot20%", "+20%", "spot+20", "spot+x%", "spot-101%", "spot+10001%",
    "p5:spat+1%", ":spot+1%", "a:b:c+1%", "spot+-5%",
  ]) func otherWordsAreNone(text: String) { #expect(Repricing(text) == nil) }

  @Test func aCatalogueIsRepricedWhereItIsMeant() throws {
    let catalog = Catalog.builtIn
    let before = try #require(catalog.price(of: "p5.48xlarge", in: "us-east-1"))
    let repricing = try #require(Repricing("p5.48xlarge:spot+20%"))
    let dearer = try #require(catalog.repriced(by: repricing))
    let after = try #require(dearer.price(of: "p5.48xlarge", in: "us-east-1"))
    #expect(after.onDemandPerHour == before.onDemandPerHour)
    #expect(after.spotPerHour.map { $0.micros * 10 } == before.spotPerHour.map { $0.micros * 12 })
    #expect(
      dearer.price(of: "g6.2xlarge", in: "us-east-1")
        == catalog.price(of: "g6.2xlarge", in: "us-east-1"))
    #expect(catalog.repriced(by: try #require(Repricing("p5.48xlrage+20%"))) == nil)
  }

  @Test func whatIsHalfAMillionthIsRoundedUp() throws {
    let half = try #require(Repricing("all-50%"))
    #expect(half.applied(to: Money(micros: 3)) == Money(micros: 2))
    #expect(half.applied(to: Money(micros: 1)) == Money(micros: 1))
  }
}
