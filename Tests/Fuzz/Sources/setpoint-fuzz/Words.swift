import Model

/// A word that is read is printed as one that says the same. The first byte chooses the form.
func testWords(_ bytes: [UInt8]) {
  guard let choice = bytes.first else { return }
  let word = bytes.dropFirst()
  let forms: [(ArraySlice<UInt8>) -> Void] =
    [
      test(AcceleratorModel.self), test(AcceleratorRequest.self), test(CountRange.self),
      test(Int64.self), test(Money.self), test(Seconds.self), test(Share.self),
      test(Timestamp.self),
    ] + Quantity.allCases.flatMap { [test($0), test(rangeOf: $0)] }
  forms[Int(choice) % forms.count](word)
}

private func test<Form: TextForm & Equatable>(_: Form.Type) -> (ArraySlice<UInt8>) -> Void {
  { word in
    guard let value = try? Form.parse(word) else { return }
    require((try? Form.parse(value.description)) == value, "\(Form.self) \(value)")
  }
}

private func test(_ quantity: Quantity) -> (ArraySlice<UInt8>) -> Void {
  { word in
    guard let amount = try? quantity.parse(word) else { return }
    let text = quantity.text(amount)
    require((try? quantity.parse(text)) == amount, "\(quantity) \(text)")
  }
}

private func test(rangeOf quantity: Quantity) -> (ArraySlice<UInt8>) -> Void {
  { word in
    guard let range = try? AmountRange.parse(word, as: quantity) else { return }
    let text = range.text(as: quantity)
    let again = try? AmountRange.parse(Array(text.utf8)[...], as: quantity)
    require(again == range, "range of \(quantity) \(text)")
  }
}
