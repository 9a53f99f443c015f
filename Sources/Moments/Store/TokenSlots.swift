/// Assigns each token class a slot, 0, 1, 2, … in order of appearance.
///
/// A two-level table with pages of 4 096 ids: memory grows with the token ids that occur, not with the largest id.
struct TokenSlots: ~Copyable {
  private static let pageBits = 12
  private static let pageCount = 1 << pageBits

  private var pages: [UnsafeMutablePointer<Int32>?] = []
  /// Token id of each slot.
  private(set) var tokens: [Int32] = []

  deinit {
    for page in pages { page?.deallocate() }
  }

  /// The slot of a token, assigned if new.
  ///
  /// - Precondition: `token` is not negative.
  mutating func slot(for token: Int32) -> Int {
    let number = Int(token) >> Self.pageBits
    if number >= pages.count {
      pages += Array(repeating: nil, count: number + 1 - pages.count)
    }
    let page = pages[number] ?? addPage(number)
    let place = page + (Int(token) & (Self.pageCount - 1))
    if place.pointee < 0 {
      place.pointee = Int32(tokens.count)
      tokens.append(token)
    }
    return Int(place.pointee)
  }

  /// The slots of tokens, assigned if new.
  ///
  /// - Precondition: no token is negative, and `slots` has an element for each.
  mutating func find(_ tokens: UnsafeBufferPointer<Int32>, into slots: inout [Int32]) {
    precondition(slots.count == tokens.count, "one slot per token")
    slots.withUnsafeMutableBufferPointer { slots in
      for (index, token) in tokens.enumerated() {
        let number = Int(token) >> Self.pageBits
        let known = number < pages.count ? pages[number]?[Int(token) & (Self.pageCount - 1)] ?? -1 : -1
        slots[index] = known < 0 ? Int32(slot(for: token)) : known
      }
    }
  }

  private mutating func addPage(_ number: Int) -> UnsafeMutablePointer<Int32> {
    let page = UnsafeMutablePointer<Int32>.allocate(capacity: Self.pageCount)
    page.initialize(repeating: -1, count: Self.pageCount)
    pages[number] = page
    return page
  }

  /// Slots by ascending token id.
  var ascending: [Int] { tokens.indices.sorted { tokens[$0] < tokens[$1] } }
}
