import TestSupport

/// Files of one stream of samples in many containers, written by NumPy, h5py, hdf5plugin, python-zstandard and safetensors
/// (see `make.py` beside them).
enum Fixtures {
  static func file(_ name: String) -> String {
    Places.root.appendingPathComponent("Tests/StreamsTests/Fixtures/" + name).path
  }
}
