/// The Content-Security-Policy of a page: it allows this style and this script, by checksum, and nothing else. Markup
/// injected into a page would not run.
///
/// The checksums are those of ``PageStyle/text`` and ``PageScript/text``, which are the same in every page. A browser
/// refuses any other style or script; a test checks the sums.
enum PagePolicy {
  static let style = "sha256-9GluT61eg1eN3B1IAZGnmZeJOCerOCx3fT042dzjd38="
  static let script = "sha256-juWqUK12UmcNdEZpUqjM9xcY1LqNacgl6lUCJjvFSsw="
}
