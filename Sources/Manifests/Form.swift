import Diagnostics
import Model
import YAML

/// How values of one type are read from a node, written, and described.
struct Form<Value>: Sendable {
  let shape: Shape
  /// The value of a node; nil where it has none, which is reported then.
  let read: @Sendable (YAMLNode, inout Reading) -> Value?
  /// Nil where there is nothing to write, such as for an empty list.
  let write: @Sendable (Value) -> Written?

  /// A scalar of some text form.
  init(
    _ shape: TextShape, code: Code, print: @escaping @Sendable (Value) -> Written?,
    parse: @escaping @Sendable (ArraySlice<UInt8>) throws(TextProblem) -> Value
  ) {
    self.shape = .text(shape)
    self.write = print
    self.read = { node, reading in
      guard node.kind == .scalar, !node.isRefused else {
        reading.report(.wrongType(node, expected: shape.noun))
        return nil
      }
      do throws(TextProblem) {
        return try parse(node.utf8)
      } catch {
        reading.report(.badText(node, error, expected: shape, code))
        return nil
      }
    }
  }

  init(
    _ shape: Shape, write: @escaping @Sendable (Value) -> Written?,
    read: @escaping @Sendable (YAMLNode, inout Reading) -> Value?
  ) {
    self.shape = shape
    self.read = read
    self.write = write
  }

  /// This form, where `nothing` is what holds if the field is left out, and is not written.
  func leftOut(at nothing: Value) -> Form where Value: Equatable & Sendable {
    let write = write
    return Form(shape, write: { $0 == nothing ? nil : write($0) }, read: read)
  }
}
