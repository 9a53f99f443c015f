"""Makes the files of this folder: one stream of samples in every container, with the libraries that users write them with.

    pip install numpy h5py hdf5plugin zstandard safetensors && python make.py
"""

import json
import os

import h5py
import hdf5plugin
import numpy as np
import zstandard
from safetensors.numpy import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))

random = np.random.default_rng(1)
rows, dimension = 150, 6
labels = random.integers(0, 20, rows).astype(np.int32)
predictions = random.integers(0, 20, rows).astype(np.int64)
features = (random.integers(-40, 40, (rows, dimension)) / 16).astype(np.float16)


def npy(file, parts):
    for part in parts:
        for array in part:
            np.save(file, array)


with open("samples.npy", "wb") as file:
    npy(file, [(labels[:60], predictions[:60], features[:60]), (labels[60:], predictions[60:], features[60:])])
with open("samples.npy.zst", "wb") as file, zstandard.ZstdCompressor().stream_writer(file) as stream:
    npy(stream, [(labels, predictions, features)])


def hdf5(name, names=("labels", "predictions", "embeddings"), arrays=(labels, predictions, features), tokens={},
         libver="earliest", **options):
    with h5py.File(name + ".h5", "w", libver=libver) as file:
        for dataset, array in zip(names, arrays):
            chosen = options if array.ndim == 2 else {"chunks": (64,), **tokens}
            file.create_dataset(dataset, data=array, **chosen)


chunks = (32, dimension)
hdf5("contiguous")
hdf5("v110", libver=("v110", "v110"), chunks=chunks, compression="gzip", maxshape=(None, dimension))
hdf5("v114", libver=("v114", "v114"), chunks=chunks, compression="gzip", shuffle=True, tokens={"compression": "lzf"})
hdf5("v114-growing", libver=("v114", "v114"), chunks=chunks, compression="gzip", maxshape=(None, dimension),
     tokens={"maxshape": (None,)})
hdf5("v114-unlimited", libver=("v114", "v114"), chunks=chunks, compression="lzf", maxshape=(None, None))
hdf5("newest", libver="latest", chunks=chunks, compression="gzip")  # by HDF5 2.0: 1.x cannot open it
hdf5("chunked", chunks=chunks)
hdf5("deflate", chunks=chunks, compression="gzip", compression_opts=9)
hdf5("deflate-shuffle", chunks=chunks, compression="gzip", shuffle=True, tokens={"compression": "gzip", "shuffle": True})
hdf5("fletcher32", chunks=chunks, fletcher32=True, tokens={"fletcher32": True})
hdf5("deflate-shuffle-fletcher32", chunks=chunks, compression="gzip", shuffle=True, fletcher32=True)
hdf5("lzf", chunks=chunks, compression="lzf", tokens={"compression": "lzf"})
hdf5("lzf-shuffle", chunks=chunks, compression="lzf", shuffle=True)
hdf5("zstd", chunks=chunks, **hdf5plugin.Zstd(), tokens={**hdf5plugin.Zstd()})
hdf5("zstd-shuffle", libver=("v110", "v110"), chunks=chunks, shuffle=True, **hdf5plugin.Zstd(clevel=19))
hdf5("columns", chunks=(50, 4), compression="gzip")  # chunks that do not fill the last columns
hdf5("oversized", chunks=(512, 8), compression="gzip", maxshape=(None, None))  # a chunk larger than the whole array
hdf5("big-endian", arrays=(labels.astype(">i4"), predictions.astype(">i8"), features.astype(">f2")), chunks=chunks)
hdf5("named", names=("tokens", "chosen", "hidden"), chunks=chunks)
hdf5("scaleoffset", chunks=chunks, tokens={"scaleoffset": 0})  # a filter that the library undoes
hdf5("blosc", chunks=chunks, **hdf5plugin.Blosc())  # a filter that is not installed
hdf5("float16-as-uint16", arrays=(labels, predictions, features.view(np.uint16)), chunks=chunks)

with h5py.File("groups.h5", "w", track_order=False) as file:
    for number, (start, end) in enumerate([(0, 100), (100, 100), (100, 101), (101, 150)], start=8):
        group = file.create_group(f"sequences/{number}")
        group.create_dataset("labels", data=labels[start:end])
        group.create_dataset("predictions", data=predictions[start:end])
        group.create_dataset("features", data=features[start:end])
    file.create_dataset("about/lengths", data=[100, 0, 1, 49])

save_file({"labels": labels, "predictions": predictions, "embeddings": features}, "samples.safetensors")
save_file({"tokens": labels.astype(np.uint16), "hidden": features, "chosen": predictions}, "named.safetensors")

# Two pairs in two shards, with labels and features in separate shards, as an index describes them.
parts = [(0, 70), (70, 150)]
shards = {
    "model-00001-of-00002.safetensors": {f"{i}.features": features[a:b] for i, (a, b) in enumerate(parts, start=9)},
    "model-00002-of-00002.safetensors": {
        f"{i}.{name}": array[a:b]
        for i, (a, b) in enumerate(parts, start=9)
        for name, array in (("labels", labels), ("predictions", predictions))
    },
}
for name, tensors in shards.items():
    save_file(tensors, name)
with open("model.safetensors.index.json", "w") as file:
    json.dump({"metadata": {"total_size": 0}, "weight_map": {t: n for n, ts in shards.items() for t in ts}}, file, indent=1)
