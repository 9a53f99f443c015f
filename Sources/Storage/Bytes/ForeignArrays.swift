/// Formats commonly used for arrays.
extension ForeignFormat {
  static let torch = ForeignFormat("a torch file", advice: torchAdvice) { start in
    zipEntry(start)?.hasSuffix("/data.pkl") == true
  }

  static let legacyTorch = ForeignFormat("a torch file from before 1.6", advice: torchAdvice) { start in
    start.first == 0x80
      && start.dropFirst(2).starts(with: [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E])
  }

  private static let torchAdvice: @Sendable (String) -> String = { file in
    "convert it: safetensors.torch.save_file(torch.load(\"\(file)\", weights_only=True), \"FILE.safetensors\")"
  }

  static let npz = ForeignFormat("an npz archive") { file in
    "save its arrays one after another on one open file f: numpy.save(f, numpy.load(\"\(file)\")[\"labels\"]), then features"
  } recognizes: { start in
    zipEntry(start)?.hasSuffix(".npy") == true
  }

  static let pickle = ForeignFormat("a Python pickle") { file in
    "convert it: numpy.save(\"FILE.npy\", numpy.asarray(pickle.load(open(\"\(file)\", \"rb\"))))"
  } recognizes: { start in
    // Protocols 2 to 5. The bytes could also be a length, such as 640, but then zeros would follow.
    start.count > 2 && start[0] == 0x80 && (2...5).contains(start[1]) && start[2] != 0
  } isCertain: { start in
    // From protocol 4 on, a frame and its length come first; before, an object of some module, or a list or dictionary.
    guard start.count > 10 else { return false }
    if start[1] >= 4 { return start[2] == 0x95 && start[7...10].allSatisfy { $0 == 0 } }
    let isModule = start[2] == UInt8(ascii: "c") && start[3...8].allSatisfy { (0x2E...0x7A).contains($0) }
    return isModule || [0x5D, 0x7D].contains(start[2]) && start[3] == 0x71 && start[4] == 0
  }

  static let parquet = ForeignFormat("a Parquet file", magic: Array("PAR1".utf8)) { file in
    "convert it: numpy.save(\"FILE.npy\", pyarrow.parquet.read_table(\"\(file)\")[\"COLUMN\"].to_numpy())"
  }

  static let arrow = ForeignFormat("an Arrow file", magic: Array("ARROW1".utf8), advice: featherAdvice)

  static let feather = ForeignFormat("a Feather file", magic: Array("FEA1".utf8), advice: featherAdvice)

  private static let featherAdvice: @Sendable (String) -> String = { file in
    "convert it: numpy.save(\"FILE.npy\", pyarrow.feather.read_table(\"\(file)\")[\"COLUMN\"].to_numpy())"
  }

  /// Starts with a continuation marker and the length of a schema, a multiple of 8.
  static let arrowStream = ForeignFormat("an Arrow stream") { file in
    "convert it: numpy.save(\"FILE.npy\", pyarrow.ipc.open_stream(open(\"\(file)\", \"rb\")).read_all()[\"COLUMN\"].to_numpy())"
  } recognizes: { start in
    start.count > 8 && start[..<4] == [0xFF, 0xFF, 0xFF, 0xFF] && start[4] & 7 == 0 && start[4] | start[5] != 0
      && start[7] == 0
  } isCertain: { start in
    // The offset of the schema's root.
    start.count > 11 && start[8] & 3 == 0 && start[8] > 0 && start[9...11].allSatisfy { $0 == 0 }
  }

  static let zarr = ForeignFormat("a Zarr store", inFolder: ["zarr.json", ".zarray", ".zgroup"]) { file in
    "convert it: numpy.save(\"FILE.npy\", zarr.open(\"\(file)\")[\"ARRAY\"][:])"
  }

  /// Version 5; version 7.3 is HDF5.
  static let matlab = ForeignFormat("a MATLAB 5 file", magic: Array("MATLAB 5.0".utf8)) { file in
    "convert it: numpy.save(\"FILE.npy\", scipy.io.loadmat(\"\(file)\")[\"ARRAY\"]), or save(…, '-v7.3') in MATLAB"
  }

  static let gguf = ForeignFormat("a GGUF model", magic: Array("GGUF".utf8)) { _ in
    "name the model.safetensors it was converted from"
  }

  /// The name of the first file in a zip archive that starts with these bytes.
  static func zipEntry(_ start: [UInt8]) -> String? {
    guard zip.recognizes(start), start.count > 30 else { return nil }
    return String(decoding: start.dropFirst(30).prefix(Int(start[26]) | Int(start[27]) << 8), as: UTF8.self)
  }
}
