import Foundation
import TestSupport
import Testing

@testable import Report
@testable import Support

@Suite("Content security policy of a page")
struct PagePolicyTests {
  /// SHA-256 by coreutils, in base64 as the policy has it.
  private func sum(_ text: String) throws -> String {
    let hexadecimal = try Tool.run("sha256sum", [], input: Array(text.utf8)).text.prefix(64)
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16) }
    return "sha256-" + Data(bytes).base64EncodedString()
  }

  @Test("Its checksums are those of its style and its script")
  func sums() throws {
    #expect(PagePolicy.style == (try sum(PageStyle.text)))
    #expect(PagePolicy.script == (try sum(PageScript.text)))
  }

  @Test("No page allows inline code other than its own, and none has style attributes, which the policy would block")
  func page() async throws {
    let model = try SampleModel(classes: 100)
    let html = try await Report(model.inputs).html
    #expect(html.contains("<style>\(PageStyle.text)</style>") && html.contains("<script>\(PageScript.text)</script>"))
    #expect(html.contains("style-src '\(PagePolicy.style)'; script-src '\(PagePolicy.script)'"))
    #expect(!html.contains("unsafe"))
    #expect(html.firstMatch(of: /<[a-z]+ [^>]*style=/) == nil)
  }
}
