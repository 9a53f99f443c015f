"""Makes the files of this folder: features and tokens by position, in separate files, with the libraries that users write
them with. For each way to mark sequence ends, it also makes the equivalent stream, one sequence after another, by brute force.

    pip install numpy h5py zstandard safetensors && python make.py
"""

import os

import h5py
import numpy as np
import zstandard
from safetensors.numpy import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))

random = np.random.default_rng(7)
sequences, length, dimension = 8, 11, 3
count = sequences * length
end_of_text = 9

features = (random.integers(-40, 40, (count, dimension)) / 16).astype(np.float16)
predictions = random.integers(0, 12, count)
tokens = random.integers(0, 12, count)
tokens[[10, 11, 21, 43]] = end_of_text  # two consecutive ones, and at the ends of sequences of 11

# Rows as in a batch: padded on the right, on the left, at both ends, completely, or not at all, with ends of text
# inside.
padded = tokens.reshape(sequences, length).astype(np.int64)
padded[0, 7:] = -100
padded[1, :4] = -100
padded[2, :3] = padded[2, 9:] = -100
padded[3] = -100
padded[4, 1:] = -100
padded[5, 4:6] = end_of_text
# The same, padded with the end of text.
filled = np.where(padded == -100, end_of_text, padded).astype(np.uint16)


def save(name, array):
    np.save(name + ".npy", array)


def raw(name, array, dtype):
    content = array.astype(dtype).tobytes()
    with open(name + ".bin", "wb") as file:
        file.write(content)
    with open(name + ".bin.zst", "wb") as file:
        file.write(zstandard.compress(content))


def framed(name, array, rows):
    """Frames that end where rows do not."""
    np.save("whole.npy", array)
    content = open("whole.npy", "rb").read()
    os.remove("whole.npy")
    with open(name + ".npy.zst", "wb") as file:
        for start in range(0, len(content), rows):
            file.write(zstandard.compress(content[start:start + rows]))


stacked = features.reshape(sequences, length, dimension)
save("features", features)
save("features-3d", stacked)
framed("features", features, 101)
framed("features-3d", stacked, 101)
save("tokens", tokens.astype(np.uint16))
save("tokens-big-endian", tokens.astype(">i4"))
save("tokens-2d", tokens.reshape(sequences, length))
save("padded", padded)
save("filled", filled)
framed("tokens", tokens.astype(np.int64), 100)
raw("tokens-uint16", tokens, "<u2")
raw("tokens-uint32", tokens, "<u4")

offsets = np.array([0, 0, 5, 6, 6, 6, 22, 40, 41, 44, 70, 88, 88])  # sequences of 0 and 1, even at the start and the end
lengths = np.diff(offsets)
save("offsets", offsets)
save("lengths", lengths.astype(np.uint16))

with h5py.File("all.h5", "w") as file:
    file.create_dataset("run/hidden", data=features, chunks=(13, 2), compression="gzip", shuffle=True)
    file.create_dataset("run/predictions", data=predictions)
    file.create_dataset("run/input_ids", data=tokens, chunks=(10,), compression="gzip")
    file.create_dataset("run/offsets", data=offsets)
    file.create_dataset("run/lengths", data=lengths)
with h5py.File("stacked.h5", "w") as file:
    file.create_dataset("hidden_states", data=stacked, chunks=(3, 4, 2), compression="gzip")
    file.create_dataset("predictions", data=predictions.reshape(sequences, length).astype(np.uint16))
    file.create_dataset("tokens", data=tokens.reshape(sequences, length))
with h5py.File("contiguous.h5", "w") as file:
    file.create_dataset("hidden_states", data=stacked)
save_file({
    "hidden": features, "predictions": predictions, "tokens": tokens, "offsets": offsets, "lengths": lengths
}, "all.safetensors")
save_file({"hidden": stacked, "tokens": tokens.reshape(sequences, length)}, "stacked.safetensors")


def pairs(ids, ends, end_of_text=None, ignored=(), every=1):
    """Positions that have a next token, and these tokens: sequences are cut out, cut again behind ends of text, and zipped."""
    cut = []
    start = 0
    for end in ends:
        sequence = list(range(start, end))
        start = end
        pieces = [[]]
        for position in sequence:
            pieces[-1].append(position)
            if ids[position] == end_of_text:
                pieces.append([])
        if len(pieces) > 1 and not pieces[-1]:
            pieces.pop()  # the sequence ended with the end of text
        cut += pieces
    chosen = cut[::every]
    return [
        (position, ids[following])
        for sequence in chosen
        for position, following in zip(sequence, sequence[1:])
        if ids[position] not in ignored and ids[following] not in ignored
    ]


def expect(name, found):
    positions = [position for position, _ in found]
    labels = np.array([label for _, label in found], np.int32)
    for suffix, extra in (("", []), ("-predictions", [predictions[positions]])):
        with open(f"expected-{name}{suffix}.npy", "wb") as file:
            for array in [labels, *extra, features[positions]]:
                np.save(file, array)


rows = [length * (index + 1) for index in range(sequences)]
expect("rows", pairs(tokens, rows))
expect("rows-eot", pairs(tokens, rows, end_of_text))
expect("sevens", pairs(tokens, [min(end, count) for end in range(7, count + 7, 7)]))
expect("offsets", pairs(tokens, offsets[1:]))
expect("offsets-eot", pairs(tokens, offsets[1:], end_of_text))
expect("offsets-every", pairs(tokens, offsets[1:], every=3))
expect("offsets-eot-every", pairs(tokens, offsets[1:], end_of_text, every=2))
expect("eot", pairs(tokens, [count], end_of_text))
expect("eot-ignored", pairs(tokens, [count], end_of_text, ignored={end_of_text, 3}))
expect("padded", pairs(padded.reshape(-1), rows, ignored={-100}))
expect("padded-eot", pairs(padded.reshape(-1), rows, end_of_text, ignored={-100}))
expect("filled", pairs(filled.reshape(-1), rows, end_of_text))
expect("filled-ignored", pairs(filled.reshape(-1), rows, ignored={end_of_text}))
