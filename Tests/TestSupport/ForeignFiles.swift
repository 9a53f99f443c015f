import Foundation

/// Files in formats that are not read, as their own tools write them.
package enum ForeignFiles {
  /// The name of such a format in errors, a file's bytes, and words of the advice.
  package static let all: [(what: String, bytes: [UInt8], advice: String)] = [
    ("a torch file", zip("archive/data.pkl"), "weights_only=True"),
    (
      "a torch file from before 1.6",
      [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] + text(".") + [0x80, 0x02],
      "save_file(torch.load("
    ),
    ("an npz archive", zip("labels.npy"), "numpy.load("),
    ("a zip file", zip("readme.txt"), "unzip "),
    ("a Python pickle", [0x80, 0x04, 0x95, 0x0B, 0, 0, 0, 0, 0, 0, 0] + text("]"), "pickle.load("),
    ("a Parquet file", text("PAR1") + [0x15, 0x04, 0x15, 0x40], "pyarrow.parquet.read_table("),
    ("an Arrow file", text("ARROW1\0\0") + [0xFF, 0xFF, 0xFF, 0xFF, 0xB0, 0, 0, 0], "pyarrow.feather.read_table("),
    ("an Arrow stream", [0xFF, 0xFF, 0xFF, 0xFF, 0xB0, 0x01, 0, 0, 0x10, 0, 0, 0], "pyarrow.ipc.open_stream("),
    ("a Feather file", text("FEA1") + [0, 0, 0, 0], "pyarrow.feather.read_table("),
    ("a MATLAB 5 file", text("MATLAB 5.0 MAT-file, Platform: GLNXA64"), "scipy.io.loadmat("),
    ("a GGUF model", text("GGUF") + [3, 0, 0, 0, 0x23, 1, 0, 0], "model.safetensors"),
    ("a gzip file", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03], "gzip -dc "),
    ("an xz file", [0xFD] + text("7zXZ\0") + [0, 0x04, 0xE6, 0xD6], "xz -dc "),
    ("a bzip2 file", text("BZh91AY&SY") + [0x1F, 0x02], "bzip2 -dc "),
    ("an lz4 file", [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0x0B], "lz4 -dc "),
    ("a tar archive", tar("data.npy"), "tar -xf "),
    (
      "a Git LFS pointer", text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 548118077\n"),
      "git lfs pull --include "
    ),
    (
      "an HTML page", text("\n<!DOCTYPE html>\n<html class=\"\"><head><title>Not a file</title></head></html>"),
      "/resolve/"
    ),
  ]

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The beginning of an archive whose first file is stored, not compressed.
  private static func zip(_ entry: String) -> [UInt8] {
    [0x50, 0x4B, 0x03, 0x04, 0x2D, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
      + [UInt8(entry.utf8.count), 0, 0, 0] + text(entry) + text("content")
  }

  private static func tar(_ entry: String) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 1024)
    header.replaceSubrange(0..<entry.utf8.count, with: text(entry))
    header.replaceSubrange(257..<265, with: text("ustar\u{0}00"))
    return header
  }
}
