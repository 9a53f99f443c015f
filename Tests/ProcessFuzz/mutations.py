"""Changes files: bytes of any of them, numbers and words of texts, the structure of JSON, HDF5 and tables."""

import io
import json
import re
import struct

import h5py
import numpy as np

import formats

EXTREMES = [
    0,
    1,
    -1,
    2,
    127,
    255,
    32767,
    65535,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32,
    2**53,
    2**62,
    2**63 - 1,
    -(2**63),
    -(2**31),
]
NUMBERS = ["0", "-0", "-1", "1e19", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-Infinity", "9223372036854775807"]
NUMBERS += [
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "2147483648",
    "4294967296",
    "0.5",
    "007",
]
NUMBERS += ["1_000", "0x10", "٣", "", '"1"', "null", "[]", "1" * 400, "1e308", "4611686018427387904"]
WORDS = [
    b"\0",
    b"\x1b[31m",
    "\u202e".encode(),
    "\u2066".encode(),
    b"\xff\xfe",
    b"\xc3",
    b"\r\n",
    b"\n",
    b",",
    b'"',
    b"'",
]
WORDS += [
    b"[" * 3000,
    b"{" * 3000,
    b'{"a":' * 3000,
    b"\\u0000",
    b"\\ud800",
    b"-",
    b"=",
    b"#",
    b"${out}",
    b"../x",
    b"~/x",
]
WORDS += [
    b"x" * 5000,
    b"*",
    b"**/*",
    b"&a",
    b"*a",
    b": ",
    b"- ",
    b"\t",
    b"\xef\xbb\xbf",
    b"\x85",
    b"\x7f",
    "é".encode(),
]


def any_bytes(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """One change that knows nothing of the format."""
    size = len(content)
    at = random.randrange(size) if size else 0
    # Headers are a small part of most files, but decide the most.
    if size > 600 and random.random() < 0.5:
        at = random.randrange(600)
    kind = random.choice(
        ["flip", "flip", "set", "cut", "extend", "splice", "swap", "drop", "repeat", "number", "number", "zero"]
    )
    if kind == "flip":
        changed = bytearray(content)
        for _ in range(random.choice([1, 1, 2, 8]) if size else 0):
            changed[at] ^= 1 << random.randrange(8)
            at = random.randrange(size)
        return bytes(changed), f"flip near {at}"
    if kind == "set":
        return content[:at] + bytes([random.choice([0, 1, 32, 127, 128, 255, random.randrange(256)])]) + content[
            at + 1 :
        ], f"set {at}"
    if kind == "cut":
        return content[:at], f"cut to {at}"
    if kind == "extend":
        tail = random.choice(
            [bytes(random.choice([1, 8, 5000])), random.randbytes(random.choice([1, 9, 600])), content, content[at:]]
        )
        return content + tail, f"extend by {len(tail)}"
    if kind == "splice":
        other = random.choice(others)
        start = random.randrange(len(other)) if other else 0
        piece = other[start : start + random.choice([1, 4, 16, 100, 1000, len(other)])]
        keep = random.choice([0, len(piece)])
        return content[:at] + piece + content[at + keep :], f"splice {len(piece)} at {at}"
    if kind == "swap":
        length = random.choice([1, 4, 8, 64, 256])
        to = random.randrange(size) if size else 0
        a, b = sorted([at, to])
        length = min(length, b - a)
        changed = (
            content[:a]
            + content[b : b + length]
            + content[a + length : b]
            + content[a : a + length]
            + content[b + length :]
        )
        return changed, f"swap {length} of {a} and {b}"
    length = random.choice([1, 2, 4, 8, 30, 128, 1000])
    if kind == "drop":
        return content[:at] + content[at + length :], f"drop {length} at {at}"
    if kind == "repeat":
        return content[: at + length] + content[at:], f"repeat {length} at {at}"
    if kind == "zero":
        return content[:at] + bytes(min(length, size - at)) + content[at + length :], f"zero {length} at {at}"
    return number(random, content, at)


def number(random, content: bytes, at: int) -> tuple[bytes, str]:
    """Puts an extreme number in place of one in the binary."""
    width, value = random.choice([1, 2, 4, 8]), random.choice(EXTREMES)
    at -= at % random.choice([1, width])
    piece = struct.pack("<Q", value & (2**64 - 1))[:width]
    if random.random() < 0.2:
        piece = struct.pack(
            *random.choice([("<d", float("nan")), ("<d", 1e308), ("<f", 3e38), ("<f", float("inf")), ("<d", -1.0)])
        )
    return content[:at] + piece + content[at + len(piece) :], f"{value} in {width} bytes at {at}"


def any_text(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """One change of a text: a number, a word, a line."""
    kind = random.choice(["number", "number", "number", "word", "line", "line", "bytes", "cell"])
    if kind == "number":
        found = list(re.finditer(rb"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", content))
        if found:
            match, value = random.choice(found), random.choice(NUMBERS)
            return content[: match.start()] + value.encode() + content[
                match.end() :
            ], f"{value[:30]} at {match.start()}"
    if kind == "word":
        at, word = random.randrange(len(content) + 1), random.choice(WORDS)
        return content[:at] + word + content[at:], f"{word[:20]!r} at {at}"
    if kind == "line":
        lines = content.splitlines(keepends=True)
        if len(lines) > 1:
            a, b = random.randrange(len(lines)), random.randrange(len(lines))
            how = random.choice(["drop", "repeat", "swap", "indent", "join"])
            if how == "drop":
                del lines[a]
            elif how == "repeat":
                lines[a:a] = [lines[b]] * random.choice([1, 1, 2, 50])
            elif how == "swap":
                lines[a], lines[b] = lines[b], lines[a]
            elif how == "indent":
                lines[a] = random.choice([b" ", b"  ", b"\t"]) + lines[a]
            else:
                lines[a] = lines[a].rstrip(b"\n")
            return b"".join(lines), f"{how} line {a}"
    if kind == "cell":
        cells = re.split(rb"([,\t\n:{}\[\]])", content)
        if len(cells) > 2:
            a, b = random.randrange(len(cells)), random.randrange(len(cells))
            cells[a] = random.choice([b"", cells[b], cells[b] + cells[a], random.choice(WORDS)])
            return b"".join(cells), f"cell {a}"
    return any_bytes(random, content, others)


def any_json(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """One change of the tree of a JSON text."""
    try:
        tree = json.loads(content)
    except ValueError:
        return any_text(random, content, others)
    places = []

    def walk(node, path) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []:
            places.append((node, key, path + [key]))
            walk(value, path + [key])

    walk(tree, [])
    if not places:
        return any_text(random, content, others)
    node, key, path = random.choice(places)
    how = random.choice(["replace", "replace", "drop", "twin", "deepen"])
    marked = "\ue000number\ue000"
    value = None
    if how == "replace":
        value = random.choice(
            [None, True, [], {}, "", "x", "\u0000", "\u202e", "-1", [1], {"a": 1}, marked, marked, marked]
        )
        node[key] = value
    elif how == "drop":
        del node[key]
    elif how == "deepen":
        node[key] = [node[key]] if random.random() < 0.5 else {"a": node[key]}
    elif isinstance(node, dict):
        node[random.choice(["", key + " ", "x", "\u202e", "__proto__"])] = node[key]
    else:
        node.append(node[key])
    number = random.choice(NUMBERS)
    text = (
        json.dumps(tree, ensure_ascii=random.random() < 0.5)
        .replace(json.dumps(marked), number)
        .replace(f'"{marked}"', number)
    )
    return text.encode("utf-8", "surrogatepass"), f"{how} {path} {number if value == marked else value!r}"


def any_hdf5(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """One change of the objects of an HDF5 file, or of its numbers."""
    memory = io.BytesIO(content)
    try:
        with np.errstate(all="ignore"), h5py.File(memory, "r+") as file:
            said = hdf5_change(random, file)
    except Exception as error:
        # Not every change can be made to every object.
        return any_bytes(random, content, others)[0], f"bytes, as HDF5 refused: {error}"[:100]
    return memory.getvalue(), said


def hdf5_change(random, file) -> str:
    names = []
    file.visit(names.append)
    name = random.choice(names)
    item = file[name]
    how = random.choice(
        ["value", "value", "value", "attribute", "attribute", "type", "shape", "drop", "link", "external", "group"]
    )
    if how == "attribute" and len(file.attrs):
        key = random.choice(list(file.attrs))
        value = random.choice(
            [-1, 0, 2**31, 2**63 - 1, 1.5, float("nan"), b"", b"x", "\u202e", "0" * 5000, [1, 2], np.float32(1), None]
        )
        del file.attrs[key]
        if value is not None:
            file.attrs[key] = value
        return f"attribute {key} = {value!r}"[:80]
    if isinstance(item, h5py.Dataset) and how in ("value", "attribute"):
        place = tuple(random.randrange(size) for size in item.shape)
        values = [0, 1, 127] if item.dtype.kind in "iu" else [float("nan"), float("inf"), -1.0, 1e308, 0.0]
        if item.dtype.kind == "i":
            values += [-1, np.iinfo(item.dtype).min, np.iinfo(item.dtype).max]
        if item.dtype.kind in "iuf":
            value = random.choice(values)
            item[place] = value
            return f"{name}{list(place)} = {value}"
    if isinstance(item, h5py.Dataset) and how in ("type", "shape"):
        array, settings = item[()], {}
        if how == "type":
            array = array.astype(random.choice(["<f4", ">f8", "<i8", "<i2", "u1", "S4", ">i4"]))
        else:
            array = random.choice(
                [array[:-1], array[:0], array.reshape(-1), array[None], np.repeat(array, 2, 0), array.T]
            )
            settings = random.choice([{}, {"chunks": True, "compression": "gzip"}]) if array.size and array.ndim else {}
        del file[name]
        file.create_dataset(name, data=array, **settings)
        return f"{name}: {how} {array.dtype} {array.shape}"
    del file[name]
    if how == "link":
        file[name] = h5py.SoftLink(random.choice(["/nowhere", "/" + name, "/" + random.choice(names)]))
    elif how == "external":
        if random.random() < 0.5:
            file[name] = h5py.ExternalLink("other.h5", "/" + name)
        else:
            file.create_dataset(name, shape=(4,), dtype="<i4", external=[("secret.txt", 0, 16)])
    elif how == "group":
        file.create_group(name)
    return f"{how} {name}"


def another_file(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """Another file altogether."""
    other = random.choice(others + [b"", b"\n", b"{}", b"[]", bytes(4096), b"\x89HDF\r\n\x1a\n", b"\x93NUMPY"])
    return other, f"another file of {len(other)} bytes"


def any_checkpoint(random, content: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """One change under a checksum that is right."""
    body, said = any_bytes(random, content[:-32], others)
    return body + formats.xxh3(body).encode(), said


BY_FORM = {
    "checkpoint": [any_checkpoint],
    "bytes": [any_bytes],
    "text": [any_text],
    "json": [any_json, any_json, any_text],
    "hdf5": [any_hdf5, any_hdf5, any_bytes],
}


def mutate(random, content: bytes, form: str, others: list[bytes]) -> tuple[bytes, str]:
    """One to three changes in sequence."""
    if random.random() < 0.03:
        return another_file(random, content, others)
    said = []
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        change = random.choice(BY_FORM[form])
        content, what = change(random, content, others)
        said.append(what)
        # libhdf5 may crash or hang on a damaged file, and this process with it.
        if form == "hdf5" and (change is any_bytes or what.startswith("bytes")):
            form = "bytes"
    # The limits are those of small files: what is large must be refused for what it states, not for what it holds.
    return content[: 1 << 20], "; ".join(said)
