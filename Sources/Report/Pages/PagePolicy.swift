/// What a page allows itself, as its Content-Security-Policy has it: this style and this script, by their sums, and nothing
/// else, so that markup which got into a page would not run.
///
/// The sums are of ``PageStyle/text`` and ``PageScript/text``, which are the same in every page; a browser refuses what they
/// are not of, and a test says what they should be.
enum PagePolicy {
  static let style = "sha256-IcMTSfqiu+chQz3FNbg/MzOjeaDM87c3qBhGrv1sRRI="
  static let script = "sha256-6DM4dOnz1aviLEqtLEupSsI2eNiud6rKR2hD4geRY60="
}
