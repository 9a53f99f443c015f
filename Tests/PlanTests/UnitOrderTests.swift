import Testing

@testable import Plan

@Suite("Order of units")
struct UnitOrderTests {
  @Test("A reader comes first in its unit, wherever it is in the file")
  func readerFirst() {
    #expect(UnitOrder(readers: [2, 2, nil], needs: [[], [], []]).units == [[2, 0, 1]])
    #expect(UnitOrder(readers: [nil, 0, 0], needs: [[], [], []]).units == [[0, 1, 2]])
  }

  @Test("Stages come before those that need them")
  func needs() {
    #expect(UnitOrder(readers: [nil, nil, nil], needs: [[1], [2], []]).units == [[2], [1], [0]])
    #expect(UnitOrder(readers: [nil, 2, nil], needs: [[1], [], []]).units == [[2, 1], [0]])
  }

  @Test("A stage that needs itself is a cycle, found once")
  func itself() {
    let order = UnitOrder(readers: [nil], needs: [[0, 0]])
    #expect(order.cycles == [[0]])
    #expect(order.rereads.isEmpty)
  }

  @Test("A cycle is found once, whatever leads into it")
  func cycle() {
    #expect(UnitOrder(readers: [nil, nil, nil], needs: [[1], [2], [1]]).cycles == [[1, 2]])
  }

  @Test("A consumer that needs an artefact of its own stream, even through another stage, must read it again")
  func reread() {
    let direct = UnitOrder(readers: [nil, 0, 0], needs: [[], [], [1]])
    #expect(direct.cycles.isEmpty)
    #expect(direct.rereads == [2])
    #expect(UnitOrder(readers: [nil, 0, 0, nil], needs: [[], [], [3], [1]]).rereads == [2])
  }
}
