import Support
import TestSupport
import Testing

@testable import HDF5

@Suite("Walks through HDF5 files")
struct HDF5WalkTests {
  /// A file with these groups and, in that order, datasets.
  private func write(_ folder: TemporaryFolder, groups: [String], datasets: [String]) throws -> String {
    let path = folder.file("a.h5")
    let file = try HDF5File(writing: path, for: path)
    for group in groups { try file.makeGroup(group) }
    for dataset in datasets { try file.makeDataset(dataset, .int32, shape: [1]).writeAll([7] as [Int32], .int32) }
    return path
  }

  private func walk(_ path: String, most: Int = 100) throws -> HDF5Walk {
    let file = try HDF5File(reading: path)
    return HDF5Library.locked {
      var walk = HDF5Walk(most: most)
      walk.enter(file.handle.id)
      return walk
    }
  }

  @Test("Datasets of all groups come in the order of their names, however they were made")
  func order() throws {
    let folder = try TemporaryFolder()
    let path = try write(
      folder, groups: ["/m", "/b", "/b/z", "/empty"],
      datasets: ["/z", "/m/b", "/b/z/one", "/m/a", "/a", "/b/10", "/b/2"])
    let found = try walk(path)
    #expect(found.paths == ["/a", "/b/10", "/b/2", "/b/z/one", "/m/a", "/m/b", "/z"])
    #expect(!found.isCut && found.unreadable == nil)
  }

  @Test("A group linked in a cycle, or twice, is entered once; a dataset has each of its names")
  func links() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, groups: ["/g", "/g/inner"], datasets: ["/g/inner/x"])
    RawHDF5.link(path, ["/g/inner/back", "/other"], to: "/g")
    RawHDF5.link(path, ["/root"], to: "/")
    RawHDF5.link(path, ["/g/same"], to: "/g/inner/x")
    #expect(try walk(path).paths == ["/g/inner/x", "/g/same"])
  }

  @Test("Groups are entered however deep they are", arguments: [0, 1, 16, 17, 400])
  func depth(depth: Int) throws {
    let folder = try TemporaryFolder()
    let groups = (0..<depth).map { String(repeating: "/g", count: $0 + 1) }
    let path = try write(folder, groups: groups, datasets: [(groups.last ?? "") + "/x", "/y"])
    #expect(try walk(path).paths == [(groups.last ?? "") + "/x", "/y"])
  }

  @Test("Sixty thousand links in a group of the newest format are listed in linear time", .timeLimit(.minutes(5)))
  func linear() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, groups: [], datasets: ["/x"])
    let names = (0..<60_000).map { "\(100_000 + $0)" }
    RawHDF5.linkInNewest(path, names, to: "/x")
    let found = try walk(path, most: 100_000)
    #expect(found.paths == names.map { "/" + $0 } + ["/x"] && !found.isCut && found.unreadable == nil)
  }

  @Test("A walk ends at the requested number, and says that there are more")
  func most() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, groups: ["/g"], datasets: ["/g/a", "/g/b", "/x"])
    for most in 0...4 {
      let found = try walk(path, most: most)
      #expect(found.paths == Array(["/g/a", "/g/b", "/x"].prefix(most)))
      #expect(found.isCut == (most < 3))
    }
    // Dangling links are limited, too.
    let other = try write(folder, groups: (10..<22).map { "/g\($0)" }, datasets: ["/z"])
    #expect(try walk(other, most: 1).isCut && walk(other, most: 1).paths.isEmpty)
    #expect(try walk(other, most: 2).paths == ["/z"])
  }

  @Test("A dangling soft link is ignored, and one to a dataset is another name of it")
  func soft() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, groups: [], datasets: ["/x"])
    RawHDF5.link(path, "/nowhere", to: "/gone")
    RawHDF5.link(path, "/alias", to: "/x")
    let found = try walk(path)
    #expect(found.paths == ["/alias", "/x"] && found.unreadable == nil)
  }

  @Test("A link into a file that is missing is not skipped")
  func external() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, groups: [], datasets: ["/x"])
    RawHDF5.link(path, "/elsewhere", to: "/x", of: "none.h5")
    let found = try walk(path)
    #expect(found.paths == ["/x"] && found.unreadable?.path == "/elsewhere")
    #expect(found.unreadable?.reason.contains("another file") == true)
  }

  @Test("Names may have any bytes and any length, and lead back to their datasets")
  func names() throws {
    let folder = try TemporaryFolder()
    let file = folder.file(FileName.text([0x66, 0xE9]))
    let path = try write(folder, groups: [], datasets: ["/x"])
    let names = [FileName.text([0x61, 0xE9]), "é", String(repeating: "n", count: 3000)]
    for name in names { RawHDF5.link(path, name, to: "/x") }
    #expect(rename(path, file) == 0)
    let found = try walk(file).paths
    #expect(Set(found.map(FileName.bytes)) == Set((names + ["x"]).map { FileName.bytes("/" + $0) }))
    let opened = try HDF5File(reading: file)
    for path in found { #expect(try opened.dataset(path).readAll(.int32, of: Int32.self) == [7]) }
  }
}
