"""Writes small files of every format, with the freedom that each format leaves to its writers."""

import ctypes
import io
import json
import struct

import h5py
import numpy as np

zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_compressBound.restype = zstd.ZSTD_compress.restype = ctypes.c_size_t
xxhash = ctypes.CDLL("libxxhash.so.0")


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


xxhash.XXH64.restype = ctypes.c_uint64
xxhash.XXH3_128bits.restype = Hash128


def xxh3(content: bytes) -> str:
    """The checksum of checkpoints, as 32 hexadecimal digits."""
    value = xxhash.XXH3_128bits(content, ctypes.c_size_t(len(content)))
    return f"{value.high:016x}{value.low:016x}"


# NPY


def npy(array: np.ndarray, descr: str | None = None) -> bytes:
    """As NumPy writes it; `descr` replaces the element type that it would state."""
    file = io.BytesIO()
    np.save(file, array)
    content = file.getvalue()
    return content if descr is None else content.replace(repr(array.dtype.str).encode(), repr(descr).encode(), 1)


def npy_spelled(random, array: np.ndarray, descr: str) -> bytes:
    """The same array under another spelling of its header that NumPy reads: order and quotes of keys, spaces, padding,
    version."""
    quote = random.choice("'\"")
    fortran = array.ndim > 1 and not array.flags.c_contiguous
    sizes = [str(size) for size in array.shape]
    shape = (
        "("
        + random.choice([", ", ",", " , "]).join(sizes)
        + ("," if len(sizes) == 1 or random.random() < 0.2 else "")
        + ")"
    )
    items = [("descr", f"{quote}{descr}{quote}"), ("fortran_order", str(fortran)), ("shape", shape)]
    random.shuffle(items)
    space = random.choice(["", " ", "  "])
    text = "{" + space + f",{space}".join(f"{quote}{key}{quote}{space}:{space}{value}" for key, value in items)
    text += random.choice(["", ",", ", "]) + "}"
    text += " " * random.choice([0, 1, 17, 63, 200]) + "\n"
    version = random.choice([1, 1, 2, 3])
    head = b"\x93NUMPY" + bytes([version, 0])
    head += struct.pack("<H" if version == 1 else "<I", len(text)) + text.encode()
    return head + array.tobytes(order="F" if fortran else "C")


# Zstandard


def compressed(content: bytes, level: int = 3) -> bytes:
    """One frame of libzstd, which states its size."""
    room = zstd.ZSTD_compressBound(ctypes.c_size_t(len(content)))
    output = ctypes.create_string_buffer(room)
    size = zstd.ZSTD_compress(output, ctypes.c_size_t(room), content, ctypes.c_size_t(len(content)), level)
    return output.raw[:size]


def raw_frame(blocks: list[bytes], has_sum: bool = True, states_size: bool = True) -> bytes:
    """A frame of uncompressed and run-length blocks of at most 1 KiB, with or without its size and checksum."""
    content = b"".join(blocks)
    frame = struct.pack("<IBB", 0xFD2FB528, (0x80 if states_size else 0) | (4 if has_sum else 0), 0)
    if states_size:
        frame += struct.pack("<I", len(content))
    for number, block in enumerate(blocks):
        runs = len(block) > 1 and block == block[:1] * len(block)
        head = len(block) << 3 | (2 if runs else 0) | (number == len(blocks) - 1)
        frame += struct.pack("<I", head)[:3] + (block[:1] if runs else block)
    if has_sum:
        frame += struct.pack(
            "<I", xxhash.XXH64(content, ctypes.c_size_t(len(content)), ctypes.c_uint64(0)) & 0xFFFFFFFF
        )
    return frame


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, max(len(content), 1), size)]


def skippable(random) -> bytes:
    size = random.choice([0, 1, 7, 300])
    return struct.pack("<II", 0x184D2A50 + random.randrange(16), size) + random.randbytes(size)


def frames(random, content: bytes) -> bytes:
    """The bytes in frames that are split anywhere, of both kinds, with skippable and empty ones between them."""
    places = sorted(random.sample(range(1, len(content)), min(random.choice([0, 1, 2, 5]), max(len(content) - 1, 0))))
    output = b""
    for start, end in zip([0] + places, places + [len(content)]):
        if random.random() < 0.2:
            output += skippable(random)
        if random.random() < 0.1:
            output += compressed(b"")
        piece = content[start:end]
        if random.random() < 0.6:
            output += compressed(piece, random.choice([1, 3, 19]))
        else:
            blocks = cut(piece, random.choice([1000, 700, 64, 13]))
            output += raw_frame(blocks, random.random() < 0.7, random.random() < 0.5)
    return output + (skippable(random) if random.random() < 0.2 else b"")


def checked_frames(content: bytes) -> bytes:
    """Frames with checksums, of some hundred bytes each."""
    return b"".join(raw_frame([piece]) for piece in cut(content, 700))


# Safetensors

SAFETENSORS_TYPES = {
    "f2": "F16",
    "f4": "F32",
    "f8": "F64",
    "u1": "U8",
    "i1": "I8",
    "i2": "I16",
    "i4": "I32",
    "i8": "I64",
}
SAFETENSORS_TYPES |= {"u2": "U16", "u4": "U32", "u8": "U64"}


def safetensors(tensors: dict[str, tuple[str, np.ndarray]], random=None, metadata=None) -> bytes:
    """Tensors by name, each with its type's name. With `random`, the header and the data have orders of their own."""
    placed, names = {}, list(tensors)
    if random:
        random.shuffle(names)
    data = b""
    for name in names:
        kind, array = tensors[name]
        placed[name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    if random:
        random.shuffle(names)
    header = {name: placed[name] for name in names}
    if metadata is not None:
        header = {"__metadata__": metadata, **header}
    text = json.dumps(header, separators=(",", ":") if random and random.random() < 0.5 else (", ", ": ")).encode()
    text += b" " * (-len(text) % 8 + (8 * random.randrange(5) if random else 0))
    return struct.pack("<Q", len(text)) + text + data


def tensor_type(array: np.ndarray) -> str:
    return SAFETENSORS_TYPES[array.dtype.str[1:]]


# HDF5


def hdf5(fill, **options) -> bytes:
    """The bytes of a file that `fill` fills."""
    memory = io.BytesIO()
    with h5py.File(memory, "w", **options) as file:
        fill(file)
    return memory.getvalue()


def zstd_dataset(group, name: str, array: np.ndarray, chunk: tuple[int, ...]) -> None:
    """A dataset in chunks of Zstandard (filter 32015), which h5py cannot write without a plugin."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(chunk)
    properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    space = h5py.h5s.create_simple(array.shape, tuple(map(max, array.shape, chunk)))
    dataset = h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(array.dtype), space, properties)
    for start in np.ndindex(*(-(-size // step) for size, step in zip(array.shape, chunk))):
        offset = tuple(place * step for place, step in zip(start, chunk))
        piece = np.zeros(chunk, array.dtype)
        part = array[tuple(slice(place, place + step) for place, step in zip(offset, chunk))]
        piece[tuple(slice(0, size) for size in part.shape)] = part
        dataset.write_direct_chunk(offset, compressed(piece.tobytes()))


# Token files


def llmc(ids: np.ndarray) -> bytes:
    head = np.zeros(256, "<i4")
    wide = ids.dtype.itemsize == 4
    head[:3] = (20240801, 7, len(ids)) if wide else (20240520, 1, len(ids))
    return head.tobytes() + ids.tobytes()


def megatron_index(lengths: list[int], dtype: np.dtype) -> bytes:
    code = {"u1": 1, "i1": 2, "i2": 3, "i4": 4, "i8": 5, "u2": 8}[dtype.str[1:]]
    offsets = (np.cumsum([0] + lengths[:-1]) * dtype.itemsize).astype("<i8")
    head = b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, code, len(lengths), len(lengths) + 1)
    return (
        head
        + np.array(lengths, "<i4").tobytes()
        + offsets.tobytes()
        + np.arange(len(lengths) + 1, dtype="<i8").tobytes()
    )
