/// The rows of one block grouped by class: a counting sort on the labels.
///
/// Groups are in order of their class's first row, rows within a group in stream order.
struct RowGroups {
  /// Slot of each group's class.
  private(set) var slots: [Int] = []
  /// Row numbers, group after group.
  private(set) var rows: [UInt32] = []
  /// Where each group starts in `rows`; one more entry for the end.
  private(set) var starts: [Int] = [0]

  /// Group of each slot in this block, or −1; kept between blocks to save clearing it.
  private var groupOfSlot: [Int32] = []
  private var groupOfRow: [Int32] = []

  var count: Int { slots.count }

  /// Where a group's rows stand in `rows`.
  func rows(of group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }

  mutating func assign(_ labels: UnsafeBufferPointer<Int32>, to table: inout TokenSlots) {
    for slot in slots { groupOfSlot[slot] = -1 }
    slots.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    if groupOfRow.count != labels.count { groupOfRow = Array(repeating: 0, count: labels.count) }
    for (row, label) in labels.enumerated() {
      let slot = table.slot(for: label)
      while slot >= groupOfSlot.count { groupOfSlot.append(-1) }
      if groupOfSlot[slot] < 0 {
        groupOfSlot[slot] = Int32(slots.count)
        slots.append(slot)
        starts.append(0)
      }
      let group = groupOfSlot[slot]
      starts[Int(group)] += 1
      groupOfRow[row] = group
    }
    // From sizes to ends; each row taken, from the last on, then moves its group's end down until it is the start.
    var end = 0
    for group in starts.indices {
      end += starts[group]
      starts[group] = end
    }
    if rows.count != labels.count { rows = Array(repeating: 0, count: labels.count) }
    for row in groupOfRow.indices.reversed() {
      let group = Int(groupOfRow[row])
      starts[group] -= 1
      rows[starts[group]] = UInt32(row)
    }
    starts.append(end)
  }
}
