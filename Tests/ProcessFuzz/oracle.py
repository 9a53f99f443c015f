"""Reads files with NumPy and h5py, as another implementation, to compare results on them."""

import io
import json
import os
import struct
from pathlib import Path

import h5py
import numpy as np

import formats
import samples
from scenarios import Command, Scenario


def arrays(content: bytes) -> list[np.ndarray]:
    """The arrays of an NPY stream."""
    file, found = io.BytesIO(content), []
    while file.tell() < len(content):
        found.append(np.lib.format.read_array(file, allow_pickle=False))
    return found


def of_arrays(found: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray] | None:
    """The labels and features of batches; None if they are not plain batches of one form."""
    found = [np.squeeze(array) if array.ndim > 2 else array for array in found]
    is_features = [array.dtype.kind == "f" and array.ndim == 2 for array in found]
    step = is_features.index(True) + 1 if True in is_features else 0
    if step not in (2, 3) or len(found) % step or is_features != ([False] * (step - 1) + [True]) * (len(found) // step):
        return None
    labels, features = found[::step], found[step - 1 :: step]
    if len({array.shape[1] for array in features}) > 1 or any(array.dtype.kind not in "iu" for array in labels):
        return None
    labels = [array.reshape(-1) for array in labels]
    if any(len(a) != len(b) for a, b in zip(labels, features)):
        return None
    return np.concatenate(labels).astype(np.int64), np.concatenate([array.astype(np.longdouble) for array in features])


def of_safetensors(content: bytes) -> tuple[np.ndarray, np.ndarray] | None:
    size = struct.unpack("<Q", content[:8])[0]
    header, data = json.loads(content[8 : 8 + size]), content[8 + size :]
    kinds = {name: kind for kind, name in formats.SAFETENSORS_TYPES.items()}
    if set(header) - {"__metadata__"} != {"labels", "features"}:
        return None
    read = []
    for name in ("labels", "features"):
        start, end = header[name]["data_offsets"]
        kind = "<" + kinds[header[name]["dtype"]]
        read.append(np.frombuffer(data[start:end], kind).reshape(header[name]["shape"]))
    return of_arrays(read)


def of_hdf5(name: str) -> tuple[np.ndarray, np.ndarray] | None:
    with h5py.File(name) as file:
        if set(file) != {"labels", "features"}:
            return None
        return of_arrays([file["labels"][()], file["features"][()]])


def of_damaged(scenario: Scenario, command: Command, files: dict[str, bytes], work: Path) -> list[str]:
    """How the result on a changed file differs from what NumPy reads in it. Empty if NumPy cannot tell."""
    if scenario.result != "moments" or not command.words[0] in ("accumulate", "count"):
        return []
    path, output = work / scenario.target, command.outputs[0] if command.outputs else None
    if output is None:
        return []

    def compare() -> str:
        content = path.read_bytes()
        if scenario.form == "hdf5":
            read = of_hdf5(str(path))
        elif path.suffix == ".npy":
            read = of_arrays(arrays(content))
        else:
            read = of_safetensors(content)
        if read is None:
            return ""
        labels, features = read
        if output == "o.csv":
            wanted = "".join(f"{token},{count}\n" for token, count in zip(*np.unique(labels, return_counts=True)))
            return "" if (work / output).read_text() == "token,count\n" + wanted else "counts differ from NumPy's"
        if "skip" in command.words:
            finite = np.isfinite(features).all(axis=1)
            labels, features = labels[finite], features[finite]
        return samples.difference(str(work / output), labels, features) or ""

    difference = apart(compare) if scenario.form == "hdf5" else compared(compare)
    return [difference] if difference else []


def compared(compare) -> str:
    try:
        with np.errstate(all="ignore"):
            return compare()
    except Exception:
        # What NumPy cannot read is not compared.
        return ""


def apart(compare) -> str:
    """Compares in another process: libhdf5 may crash or hang on a damaged file."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        import signal

        signal.alarm(5)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.write(writing, compared(compare).encode()[:4000])
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said.decode()


def of_written(name: str, expected: samples.Samples) -> list[str]:
    """Whether a stream that `write` made has exactly the samples."""
    content = Path(name).read_bytes()
    if name.endswith(".zst"):
        import subprocess

        content = subprocess.run(["zstd", "-dcq", name], capture_output=True, check=True).stdout
    found = arrays(content)
    step = 3 if expected.predictions is not None else 2
    labels, features = np.concatenate(found[::step]), np.concatenate(found[step - 1 :: step])
    if not np.array_equal(labels, expected.labels):
        return ["other labels were written"]
    stored = expected.stored
    if features.dtype.itemsize != stored.dtype.itemsize or features.tobytes() != np.ascontiguousarray(stored).tobytes():
        return ["other features were written"]
    if step == 3 and not np.array_equal(np.concatenate(found[1::step]), expected.predictions):
        return ["other predictions were written"]
    return []
