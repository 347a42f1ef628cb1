import CLibYAML
import Diagnostics

/// One function for each kind of node event.
extension TreeBuilder {
  @inline(__always)
  mutating func scalar(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Bool {
    let length = unsafe event.pointee.data.scalar.length
    let range = unsafe range(of: event, &cursor)
    guard hasRoom(for: 1, at: range) else { return false }
    guard length <= limits.scalarBytesMax else {
      problems.report(.scalarTooLarge(range, length, limits.scalarBytesMax))
      return false
    }
    let text = unsafe UnsafeBufferPointer(
      start: UnsafePointer(event.pointee.data.scalar.value), count: length)
    let style = unsafe YAMLNode.Style(event.pointee.data.scalar.style)
    var record = Record(.scalar, style, range, payload: length)
    if unsafe style != .plain || event.pointee.start_mark.line != event.pointee.end_mark.line {
      record.flags.insert(.copied)
      record.payload = copies.count
      unsafe copies.append(text)
    }
    if let tag = unsafe event.pointee.data.scalar.tag {
      unsafe judgeScalarTag(tag, &record)
    }
    if let name = unsafe event.pointee.data.scalar.anchor {
      unsafe anchors.define(name, index: records.count)
    }
    if top.expectsKey { unsafe judgeScalarKey(text, &record) }
    records.append(record)
    top.turn()
    lastEnd = range.upperBound
    return true
  }

  mutating func open(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Bool {
    let range = unsafe range(of: event, &cursor)
    guard hasRoom(for: 1, at: range) else { return false }
    guard outer.count < limits.depthMax else {
      problems.report(.tooDeep(range, limits.depthMax))
      return false
    }
    let isMapping = unsafe event.pointee.type == YAML_MAPPING_START_EVENT
    // The two members of the union have one layout, but a union is read by the name it was given.
    let facts =
      unsafe isMapping
      ? CollectionFacts(event.pointee.data.mapping_start)
      : CollectionFacts(event.pointee.data.sequence_start)
    var record = unsafe Record(
      isMapping ? .mapping : .sequence, facts.isFlow ? .flow : .block, range)
    if let tag = unsafe facts.tag {
      unsafe problems.report(.tag(range, Problems.text(tag)))
      record.flags.insert(.refused)
    }
    if top.expectsKey {
      problems.report(.keyNotScalar(range))
      record.flags.insert(.refused)
    }
    var anchor: Int?
    if let name = unsafe facts.anchor {
      anchor = unsafe anchors.define(name, index: records.count, isOpen: true)
    }
    outer.append(top)
    top = Frame(
      index: records.count, isMapping: isMapping, anchor: anchor, keys: openKeys.count)
    records.append(record)
    return true
  }

  mutating func close(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) {
    let done = top
    if records[done.index].style == .flow {
      lastEnd = unsafe range(of: event, &cursor).upperBound
    }
    records[done.index].end = lastEnd
    records[done.index].payload = records.count
    if done.isMapping { refuseDuplicateKeys(from: done.keys) }
    if let anchor = done.anchor {
      anchors.finish(
        anchor, nodes: records.count - done.index + done.aliasedNodes, height: done.height)
    }
    top = outer[outer.count - 1]
    outer.keep(outer.count - 1)
    top.turn()
    top.aliasedNodes += done.aliasedNodes
    top.height = max(top.height, done.height + 1)
  }

  /// Counts what the alias stands for before anything could walk it.
  mutating func alias(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ cursor: inout OffsetCursor
  ) -> Bool {
    let range = unsafe range(of: event, &cursor)
    lastEnd = range.upperBound
    guard anchors.countAlias(within: limits.aliasesMax) else {
      problems.report(.tooManyAliases(range, limits.aliasesMax))
      return false
    }
    let name = unsafe Problems.bytes(event.pointee.data.alias.anchor)
    guard let anchor = anchors[name], !anchor.isOpen else {
      problems.report(
        anchors[name] == nil
          ? .undefinedAlias(range, name, known: anchors.names) : .recursiveAlias(range, name))
      guard hasRoom(for: 1, at: range) else { return false }
      var record = Record(.scalar, .plain, range)
      record.flags.insert(.refused)
      records.append(record)
      top.turn()
      return true
    }
    guard hasRoom(for: anchor.nodes, at: range) else { return false }
    guard outer.count + anchor.height <= limits.depthMax else {
      problems.report(.tooDeep(range, limits.depthMax))
      return false
    }
    var record = Record(.alias, .plain, range, payload: anchor.index)
    if top.expectsKey {
      let target = records[anchor.index]
      if target.isCollection {
        problems.report(.keyNotScalar(range))
        record.flags.insert(.refused)
      } else {
        unsafe target.text(in: bytes, copies).withUnsafeBufferPointer {
          unsafe openKeys.append(records.count, $0)
        }
      }
    }
    records.append(record)
    aliasedNodes += anchor.nodes - 1
    top.aliasedNodes += anchor.nodes - 1
    top.turn()
    top.height = max(top.height, anchor.height + 1)
    return true
  }

  /// Whether so many more nodes are allowed; reports it where they are not.
  @inline(__always)
  private mutating func hasRoom(for nodes: Int, at range: Range<Int>) -> Bool {
    if records.count + aliasedNodes + nodes <= nodesMax { return true }
    problems.report(.tooManyNodes(range, nodesMax))
    return false
  }

  private mutating func judgeScalarTag(
    _ tag: UnsafeMutablePointer<yaml_char_t>, _ record: inout Record
  ) {
    let name = unsafe Problems.text(tag)
    if name == YAML_STR_TAG {
      record.flags.insert(.tagged)
    } else {
      problems.report(.tag(record.range, name))
      record.flags.insert(.refused)
    }
  }

  /// Refuses the keys that mean something to YAML; the others must differ within their mapping.
  @inline(__always)
  private mutating func judgeScalarKey(
    _ text: UnsafeBufferPointer<UInt8>, _ record: inout Record
  ) {
    if record.flags.contains(.refused) { return }
    if record.style == .plain, !record.flags.contains(.tagged), text.count <= 2 {
      let isMerge = unsafe text.elementsEqual("<<".utf8)
      if text.isEmpty || isMerge {
        problems.report(isMerge ? .mergeKey(record.range) : .emptyKey(record.range))
        record.flags.insert(.refused)
        return
      }
    }
    unsafe openKeys.append(records.count, text)
  }
}

/// What the starts of a mapping and of a sequence have in common.
@unsafe
private struct CollectionFacts {
  let anchor: UnsafeMutablePointer<yaml_char_t>?
  let tag: UnsafeMutablePointer<yaml_char_t>?
  let isFlow: Bool

  init(_ start: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_mapping_start) {
    unsafe anchor = unsafe start.anchor
    unsafe tag = unsafe start.tag
    unsafe isFlow = unsafe start.style == YAML_FLOW_MAPPING_STYLE
  }

  init(_ start: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_sequence_start) {
    unsafe anchor = unsafe start.anchor
    unsafe tag = unsafe start.tag
    unsafe isFlow = unsafe start.style == YAML_FLOW_SEQUENCE_STYLE
  }
}

extension YAMLNode.Style {
  @inline(__always)
  init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}
