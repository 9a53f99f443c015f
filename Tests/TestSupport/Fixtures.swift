/// Files of one stream of samples in many containers, written by NumPy, h5py, hdf5plugin, python-zstandard and
/// safetensors (see `make.py` in their folder).
package enum Fixtures {
  package static func file(_ name: String) -> String {
    Places.root.appendingPathComponent("Tests/FormatsTests/Fixtures/" + name).path
  }
}
