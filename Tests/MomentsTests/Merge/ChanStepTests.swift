import Testing

@testable import Moments

@Suite("Merging a class of two states")
struct ChanStepTests {
  @Test(
    "One sample at 1 and three at 5: a mean of 4, an M2 of 12, and a delta whose square is that",
    arguments: [false, true])
  func closedForm(lowParts: Bool) {
    var (centre, lowPart, delta) = ([1.0, 1.0], [0.0, 0.0], [0.0, 0.0])
    let (other, otherLowPart) = ([5.0, 1.0], [0.0, 0.0])
    let m2 = centre.withUnsafeMutableBufferPointer { centre in
      lowPart.withUnsafeMutableBufferPointer { lowPart in
        delta.withUnsafeMutableBufferPointer { delta -> Double? in
          other.withUnsafeBufferPointer { other in
            otherLowPart.withUnsafeBufferPointer { otherLowPart in
              guard let own = centre.baseAddress, let from = other.baseAddress, let row = delta.baseAddress else {
                return nil
              }
              return ChanStep.merge(
                ChanStep.Mean(centre: own, lowPart: lowParts ? lowPart.baseAddress : nil), count: 1, m2: 0.5,
                ChanStep.Mean(centre: from, lowPart: lowParts ? otherLowPart.baseAddress : nil), count: 3, m2: 0.25,
                dimension: 2, delta: row)
            }
          }
        }
      }
    }
    #expect(centre == [4, 1] && lowPart == [0, 0])
    #expect(m2 == 12.75)
    #expect(abs(delta[0] * delta[0] - 12) < 1e-14 && delta[1] == 0)
  }
}
