/// The rows of one block grouped by class: a counting sort on the labels.
///
/// Groups are in order of their class's first row. Rows within a group are in stream order.
struct RowGroups {
  /// The slot of each group's class.
  private(set) var slots: [Int] = []
  /// Row numbers, group after group.
  private(set) var rows: [UInt32] = []
  /// Where each group starts in `rows`, plus one entry for the end.
  private(set) var starts: [Int] = [0]

  /// The group of each slot in this block, or −1. Kept between blocks, so only used entries need clearing.
  private var groupOfSlot: [Int32] = []
  private var groupOfRow: [Int32] = []

  var count: Int { slots.count }

  /// The range of a group's rows in `rows`.
  func rows(of group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }

  mutating func assign(_ labels: UnsafeBufferPointer<Int32>, to table: inout TokenSlots) {
    for slot in slots { groupOfSlot[slot] = -1 }
    slots.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    if groupOfRow.count != labels.count { groupOfRow = Array(repeating: 0, count: labels.count) }
    if rows.count != labels.count { rows = Array(repeating: 0, count: labels.count) }
    table.find(labels, into: &groupOfRow)
    groupOfSlot += repeatElement(-1, count: table.tokens.count - groupOfSlot.count)
    countGroups()
    // From sizes to ends. Each row, from the last on, then moves its group's end down by one, until it is the start.
    var end = 0
    for group in starts.indices {
      end += starts[group]
      starts[group] = end
    }
    sortRows()
    starts.append(end)
  }

  /// Replaces each row's slot by its group, and stores each group's size in `starts`.
  private mutating func countGroups() {
    groupOfSlot.withUnsafeMutableBufferPointer { groupOfSlot in
      groupOfRow.withUnsafeMutableBufferPointer { groupOfRow in
        for row in groupOfRow.indices {
          let slot = Int(groupOfRow[row])
          var group = groupOfSlot[slot]
          if group < 0 {
            group = Int32(slots.count)
            groupOfSlot[slot] = group
            slots.append(slot)
            starts.append(0)
          }
          starts[Int(group)] += 1
          groupOfRow[row] = group
        }
      }
    }
  }

  private mutating func sortRows() {
    starts.withUnsafeMutableBufferPointer { starts in
      rows.withUnsafeMutableBufferPointer { rows in
        for row in groupOfRow.indices.reversed() {
          let group = Int(groupOfRow[row])
          starts[group] -= 1
          rows[starts[group]] = UInt32(row)
        }
      }
    }
  }
}
