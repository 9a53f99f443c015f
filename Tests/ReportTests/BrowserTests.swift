import Foundation
import TestSupport
import Testing

@testable import Report

/// The page in a browser. Needs chromium, and is skipped with a message without it.
@Suite("The page in a browser", .enabled(if: Browser.isInstalled, "needs chromium"), .serialized)
struct BrowserTests {
  private static let classes = 30_000

  private func page() async throws -> (model: SampleModel, file: String, report: Report) {
    let model = try SampleModel(classes: Self.classes)
    let report = try await Report(model.inputs)
    return (model, try model.folder.write("report.html", text: report.html), report)
  }

  /// Errors of the page, as events of the browser.
  private func complaints(_ browser: Browser) -> [String] {
    browser.events.compactMap { method, parameters in
      switch method {
      case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled": "\(method): \(parameters)"
      default: nil
      }
    }
  }

  private func requested(_ browser: Browser) -> [String] {
    browser.events.filter { $0.method == "Network.requestWillBeSent" }
      .compactMap { ($0.parameters["request"] as? [String: Any])?["url"] as? String }
      .filter { !$0.hasPrefix("data:") }
  }

  @Test("It fetches nothing, logs no errors, shows every figure, and fits desktops and phones, light and dark")
  func whole() async throws {
    let (model, file, report) = try await page()
    for (width, height, dark) in [(1280, 900, false), (390, 844, true)] {
      let browser = try Browser(width: width, height: height, dark: dark)
      try browser.load(file)
      #expect(complaints(browser) == [])
      #expect(requested(browser) == [URL(fileURLWithPath: file).absoluteString])
      let boxes =
        try browser.value(
          "[...document.querySelectorAll('figure svg')].map(s => [s.getBoundingClientRect(), s.getBBox()].map(b => Math.min(b.width, b.height)))"
        ) as? [[Double]]
      #expect(boxes?.count == report.figures.count && report.figures.count == 10)
      #expect(boxes?.allSatisfy { $0.allSatisfy { $0 > 50 } } == true)
      let below = try browser.value(
        "[...document.querySelectorAll('small.narrow')].filter(e => e.getBoundingClientRect().height > 0).length")
      #expect(width < 600 ? (below as? Int ?? 0) > 3 : below as? Int == 0, "\(width)")
      let overflow = try browser.value("document.documentElement.scrollWidth - innerWidth") as? Int
      #expect((overflow ?? 1) <= 0, "\(width)")
      let text = try browser.value(
        "getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor")
      #expect(text as? String == (dark ? "rgb(228, 231, 236)rgb(20, 23, 28)" : "rgb(31, 35, 40)rgb(252, 252, 251)"))
    }
    _ = model
  }

  @Test("In print, figures leave no page half empty, and no heading stands alone: a model takes five pages")
  func paper() async throws {
    let (model, file, _) = try await page()
    let browser = try Browser(width: 1280, height: 900)
    try browser.load(file)
    let printed = try browser.call("Page.printToPDF", ["preferCSSPageSize": true])
    let pdf = try #require((printed["data"] as? String).flatMap { Data(base64Encoded: $0) })
    let text = String(decoding: pdf, as: UTF8.self)
    #expect(text.components(separatedBy: "/Type /Page\n").count - 1 <= 5)
    #expect(try browser.value("getComputedStyle(document.getElementById('figures')).breakBefore") as? String == "auto")
    _ = model
  }

  @Test("Tokens that look like markup show as text, and none of them runs")
  func tokens() async throws {
    let (model, file, _) = try await page()
    let browser = try Browser(width: 1280, height: 900)
    try browser.load(file)
    let shown = try browser.value("[...document.querySelectorAll('#classes-table tbody bdi')].map(e => e.textContent)")
    let texts = Set(try #require(shown as? [String]))
    #expect(texts.isSuperset(of: SampleModel.texts))
    #expect(try browser.value("String(window.broken)") as? String == "undefined")
    #expect(try browser.value("document.images.length") as? Int == 0)
    #expect(try browser.value("document.querySelectorAll('script').length") as? Int == 2)
    #expect(complaints(browser) == [])
    _ = model
  }

  @Test("30 000 classes are searched and sorted instantly, and only visible rows are elements")
  func table() async throws {
    let (model, file, _) = try await page()
    let browser = try Browser(width: 1280, height: 900)
    try browser.load(file)
    func texts(_ column: Int) throws -> [String] {
      try browser.value(
        "[...document.querySelectorAll('#classes-table tbody tr:not(.space)')].map(r => r.cells[\(column)].textContent)"
      ) as? [String] ?? []
    }
    #expect((10..<100).contains(try texts(0).count))
    #expect(try texts(0).prefix(3) == ["0", "1", "2"])
    let times =
      try browser.value(
        """
        (() => {
          const input = document.getElementById("classes-search"), times = { search: [], sort: [] };
          const timed = (name, act) => {
            const start = performance.now();
            act();
            document.getElementById("classes-table").getBoundingClientRect();
            times[name].push(performance.now() - start);
          };
          const search = (text) => timed("search", () => { input.value = text; input.dispatchEvent(new Event("input")); });
          for (const text of ["token1", "", "7", "", "nothing at all", "", "en29999"]) search(text);
          search("");
          const buttons = [...document.querySelectorAll("#classes-table thead button")];
          for (const button of [...buttons, ...buttons]) timed("sort", () => button.click());
          return times;
        })()
        """) as? [String: [Double]]
    for (name, values) in try #require(times).sorted(by: { $0.key < $1.key }) {
      let median = values.sorted()[values.count / 2]
      print(
        "\(name) of \(Self.classes) classes: \(String(format: "%.1f", median)) ms (median of \(values.count)), \(String(format: "%.1f", values.max() ?? 0)) ms at most"
      )
      #expect(median < 1000)
    }
    _ = try browser.value(
      "document.getElementById('classes-search').value = 'EN29999'; document.getElementById('classes-search').dispatchEvent(new Event('input'))"
    )
    #expect(try texts(0) == ["29999"])
    #expect(
      try browser.value("document.getElementById('classes-count').textContent") as? String
        == "1 of 30\u{202F}000 classes")
    _ = try browser.value(
      """
      document.getElementById('classes-search').value = '';
      document.getElementById('classes-search').dispatchEvent(new Event('input'));
      [...document.querySelectorAll('#classes-table thead button')].find(b => b.title === 'norm').click();
      """)
    let byNorm = model.norms.indices.sorted { model.norms[$0] > model.norms[$1] }
    #expect(try texts(0).prefix(20) == byNorm.prefix(20).map(String.init)[...])
    #expect(complaints(browser) == [])
  }
}
