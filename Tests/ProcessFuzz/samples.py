"""Samples in containers of every kind, and what their moments are: an independent computation with NumPy."""

from dataclasses import dataclass, field

import numpy as np

import formats

LABEL_TYPES = ["u1", "i1", "<u2", ">u2", "<i2", "<u4", "<i4", ">i4", "<i8", ">i8", "<u8"]
FEATURE_TYPES = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]


@dataclass
class Samples:
    labels: np.ndarray
    """[n] int64"""
    features: np.ndarray
    """[n × d] in their storage type"""
    batches: list[int]
    """The rows of each batch."""
    predictions: np.ndarray | None = None
    is_bfloat16: bool = False
    """Whether the features, float32 here, are stored as bfloat16."""

    @property
    def stored(self) -> np.ndarray:
        """The features as they are stored; bfloat16 as its bits."""
        return (self.features.view("<u4") >> 16).astype("<u2") if self.is_bfloat16 else self.features

    @property
    def slices(self) -> list[slice]:
        ends = np.cumsum(self.batches)
        return [slice(end - rows, end) for rows, end in zip(self.batches, ends)]


@dataclass
class Container:
    """Samples as files, and the options with which `collapse` reads them."""

    files: dict[str, bytes]
    arguments: list[str]
    standard_input: str | None = None
    may_be_refused: bool = False
    """Whether the format leaves it open if readers take this."""
    what: list[str] = field(default_factory=list)


def samples(random, numbers: np.random.Generator) -> Samples:
    """Rows of a few classes: with a common offset, nearly collapsed, of ordinary spread, or with one frequent class."""
    rows, dimension = random.choice([1, 2, 7, 40, 40, 150]), random.choice([1, 2, 3, 5, 8, 33])
    classes = random.choice([1, 2, 5, 30])
    labels = numbers.integers(0, classes, rows)
    if random.random() < 0.2:
        labels[: rows * 9 // 10] = 0
    kind = np.dtype(random.choice(["<f2", "<f4", "<f8"]))
    offset, spread = random.choice([(0, 1), (0, 1), (1000, 1), (0, 1e-3), (30, 1e-2)])
    centres = numbers.standard_normal((classes, dimension))
    features = offset + centres[labels] + spread * numbers.standard_normal((rows, dimension))
    count = random.randrange(1, 1 + min(rows, 4))
    batches = np.diff([0] + sorted(random.sample(range(1, rows), count - 1)) + [rows]).tolist() if rows > 1 else [rows]
    if random.random() < 0.1:
        batches.insert(random.randrange(len(batches) + 1), 0)
    predictions = numbers.integers(0, classes, rows) if random.random() < 0.3 else None
    features, is_bfloat16 = features.astype(kind), kind.itemsize == 4 and random.random() < 0.3
    if is_bfloat16:
        features = (features.view("<u4") & 0xFFFF0000).view("<f4")
    return Samples(labels, features, batches, predictions, is_bfloat16)


def label_type(random, samples: Samples) -> str:
    top = int(
        max(samples.labels.max(initial=0), samples.predictions.max(initial=0) if samples.predictions is not None else 0)
    )
    return random.choice([kind for kind in LABEL_TYPES if top <= np.iinfo(kind).max])


def batch_arrays(random, samples: Samples, rows: slice, kind: str, is_bits: bool) -> list[tuple[np.ndarray, str]]:
    """The arrays of one batch in some byte order and orientation, each with the type that its header states."""
    columns = [samples.labels[rows]] + ([] if samples.predictions is None else [samples.predictions[rows]])
    arrays = [(column.astype(kind), kind if kind[0] in "<>" else "|" + kind) for column in columns]
    stored = samples.stored[rows]
    order = "<" if samples.is_bfloat16 else random.choice("<>")
    stored = stored.astype(stored.dtype.newbyteorder(order))
    descr = "<V2" if samples.is_bfloat16 and not is_bits else order + stored.dtype.str[1:]
    # With --bf16, predictions [n, 1] of uint16 look like features of one column.
    if min(stored.shape) > 1 and random.random() < 0.2 and not (is_bits and kind.endswith("u2")):
        arrays = [(column.reshape(-1, 1), descr) for column, descr in arrays]
    if min(stored.shape) > 1 and random.random() < 0.2:
        stored = stored.reshape(len(stored), 1, -1)
    if random.random() < 0.2:
        stored = np.asfortranarray(stored)
    return arrays + [(stored, descr)]


def npy_stream(random, samples: Samples, slices: list[slice], is_spelled: bool, is_bits: bool) -> bytes:
    kind, content = label_type(random, samples), b""
    for rows in slices:
        for array, descr in batch_arrays(random, samples, rows, kind, is_bits):
            content += formats.npy_spelled(random, array, descr) if is_spelled else formats.npy(array, descr)
    return content


def in_npy(random, samples: Samples) -> Container:
    """One or several files, or standard input; plain or in frames."""
    is_spelled, is_packed = random.random() < 0.6, random.random() < 0.5
    is_bits = samples.is_bfloat16 and random.random() < 0.5
    slices, files = samples.slices, {}
    parts = random.choice([1, 1, 2]) if len(slices) > 1 else 1
    groups = [slices] if parts == 1 else [slices[:1], slices[1:]]
    ending = ".npy.zst" if is_packed else ".npy"
    for number, group in enumerate(groups):
        content = npy_stream(random, samples, group, is_spelled, is_bits)
        files[f"s{number}{ending}"] = formats.frames(random, content) if is_packed else content
    what = ["npy", "zstd" if is_packed else "plain", "spelled" if is_spelled else "numpy"]
    options = ["--bf16"] if is_bits else []
    if parts == 1 and random.random() < 0.2:
        return Container(files, ["-"] + options, next(iter(files)), what=what + ["pipe"])
    return Container(files, (list(files) if random.random() < 0.7 else ["s*" + ending]) + options, what=what)


def in_safetensors(random, samples: Samples) -> Container:
    slices = [rows for rows in samples.slices if rows.stop > rows.start]
    grouped = len(slices) > 1 or random.random() < 0.3
    tensors, kind = {}, random.choice([kind for kind in ("u1", "<i2", "<i4", "<i8")])
    if samples.predictions is None and random.random() < 0.2:
        kind = "<i8"
    for number, rows in enumerate(slices if grouped else [slice(None)]):
        prefix = f"{number}." if grouped else ""
        tensors[prefix + "labels"] = samples.labels[rows].astype(kind)
        if samples.predictions is not None:
            tensors[prefix + "predictions"] = samples.predictions[rows].astype(kind)
        tensors[prefix + "features"] = samples.stored[rows]
    typed = {name: (formats.tensor_type(array), array) for name, array in tensors.items()}
    if samples.is_bfloat16:
        typed |= {name: ("BF16", array) for name, (_, array) in typed.items() if name.endswith("features")}
    metadata = random.choice([None, {"format": "pt"}, {"note": "ünïcode “x”", "y": "\\n"}])
    return Container(
        {"s.safetensors": formats.safetensors(typed, random, metadata)}, ["s.safetensors"], what=["safetensors"]
    )


def in_hdf5(random, samples: Samples) -> Container:
    slices = [rows for rows in samples.slices if rows.stop > rows.start]
    grouped = len(slices) > 1 and random.random() < 0.5
    options, kind, what = {}, label_type(random, samples), ["hdf5"]
    if random.random() < 0.5:
        options["libver"] = random.choice(["earliest", ("earliest", "v108"), ("v108", "v108"), ("v110", "v110")])
    if random.random() < 0.2:
        options["userblock_size"] = random.choice([512, 1024, 4096])

    def put(group, name: str, array: np.ndarray) -> None:
        if name == "features" and samples.is_bfloat16:
            group.create_dataset(name, data=array.view("V2"), chunks=random.choice([None, True]))
            return
        if array.dtype.itemsize > 1:
            array = array.astype(array.dtype.newbyteorder(random.choice("<>")))
        layout, settings = random.choice(["contiguous", "chunked", "chunked", "zstd", "compact"]), {}
        what.append(layout)
        chunk = tuple(random.randrange(1, size + 2) for size in array.shape)
        if layout == "zstd":
            return formats.zstd_dataset(group, name, array, chunk)
        if layout == "compact":
            properties = formats.h5py.h5p.create(formats.h5py.h5p.DATASET_CREATE)
            properties.set_layout(formats.h5py.h5d.COMPACT)
            space = formats.h5py.h5s.create_simple(array.shape)
            kind = formats.h5py.h5t.py_create(array.dtype)
            formats.h5py.h5d.create(group.id, name.encode(), kind, space, properties).write(
                formats.h5py.h5s.ALL, formats.h5py.h5s.ALL, np.ascontiguousarray(array)
            )
            return
        if layout == "chunked":
            settings["chunks"] = chunk
            settings["compression"] = random.choice([None, "gzip", "lzf"])
            settings["shuffle"], settings["fletcher32"] = random.random() < 0.4, random.random() < 0.3
            if random.random() < 0.3:
                settings["maxshape"] = (None,) + array.shape[1:]
                settings["chunks"] = tuple(min(step, max(size, 1)) for step, size in zip(chunk, array.shape))
            else:
                settings["maxshape"] = tuple(max(size, step) for size, step in zip(array.shape, chunk))
        made = group.create_dataset(name, data=array, **settings)
        if random.random() < 0.3:
            made.attrs[random.choice(["units", "comment", "scale"])] = random.choice(["x", 3, [1.5, 2]])

    def fill(file) -> None:
        if random.random() < 0.3:
            file.attrs["made by"] = "a test"
        for number, rows in enumerate(slices if grouped else [slice(None)]):
            group = file.create_group(f"s{number}") if grouped else file
            arrays = [("labels", samples.labels[rows].astype(kind)), ("features", samples.stored[rows])]
            if samples.predictions is not None:
                arrays.append(("predictions", samples.predictions[rows].astype(kind)))
            random.shuffle(arrays)
            for name, array in arrays:
                put(group, name, array)

    return Container({"s.h5": formats.hdf5(fill, **options)}, ["s.h5"], what=what)


def apart(random, samples: Samples) -> tuple[Container, Samples]:
    """Hidden states by position with their token files; the samples that follow from them."""
    rows = len(samples.labels)
    ids = samples.labels
    length = random.choice([2, 3, 10, 64])
    files, arguments, what = {}, [], ["apart"]
    starts = list(range(0, rows, length))
    lengths = [min(length, rows - start) for start in starts]
    form = random.choice(["raw16", "raw32", "npy", "npy2d", "llmc", "megatron", "hdf5"])
    what.append(form)
    options = ["--sequence-length", str(length)]
    packed = random.random() < 0.3
    ending = ".zst" if packed else ""
    pack = (lambda content: formats.frames(random, content)) if packed else (lambda content: content)
    if form in ("raw16", "raw32"):
        kind = "<u2" if form == "raw16" else "<u4"
        files["t.bin" + ending] = pack(ids.astype(kind).tobytes())
        options += ["--token-type", "uint16" if form == "raw16" else "uint32"]
    elif form == "npy":
        files["t.npy" + ending] = pack(formats.npy(ids.astype(random.choice(["<i4", "<i8", "<u2", ">i4"]))))
    elif form == "npy2d":
        whole = max(rows // length, 1) * length if rows >= length else rows
        width = length if rows >= length else rows
        ids = ids[:whole]
        rows, starts, lengths = whole, list(range(0, whole, width)), [width] * (whole // width)
        files["t.npy" + ending] = pack(formats.npy(ids.astype("<i4").reshape(-1, width)))
        options = []
    elif form == "llmc":
        files["t.bin"] = formats.llmc(ids.astype(random.choice(["<u2", "<u4"])))
    elif form == "megatron":
        kind = np.dtype(random.choice(["<u2", "<i4", "<i8"]))
        files["t.bin"], files["t.idx"] = ids.astype(kind).tobytes(), formats.megatron_index(lengths, kind)
        options = ["--sequence-lengths", "t.idx"]
    else:
        files["t.h5"] = formats.hdf5(lambda file: file.create_dataset("ids", data=ids.astype("<i4")))
    if form in ("npy", "hdf5", "raw16") and random.random() < 0.4:
        lengths, left = [], rows
        while left:
            lengths.append(random.randrange(0, left + 1) if random.random() < 0.8 else left)
            left -= lengths[-1]
        starts = np.cumsum([0] + lengths[:-1]).tolist()
        at = options.index("--sequence-length")
        if random.random() < 0.5:
            files["q.npy"] = formats.npy(np.array(lengths, random.choice(["<i8", "<i4", "<u2"])))
            options[at : at + 2] = ["--sequence-lengths", "q.npy"]
        else:
            files["q.npy"] = formats.npy(np.array(starts + [rows], random.choice(["<i8", "<i4", "<u2"])))
            options[at : at + 2] = ["--sequence-offsets", "q.npy"]
        what.append("sequences")
    tokens = next(iter(files)) + ("#ids" if form == "hdf5" else "")
    hidden, stored = samples.features[:rows], samples.stored[:rows]
    if random.random() < 0.5:
        files["x.npy"] = formats.npy(stored, "<V2" if samples.is_bfloat16 else None)
        arguments = ["x.npy"]
    else:
        kind = "BF16" if samples.is_bfloat16 else formats.tensor_type(stored)
        files["x.safetensors"] = formats.safetensors({"hidden_states": (kind, stored)})
        arguments = ["x.safetensors"]
    pairs = [(at + 1, at) for start, count in zip(starts, lengths) for at in range(start, start + count - 1)]
    labels = ids[[label for label, _ in pairs]] if pairs else ids[:0]
    features = hidden[[at for _, at in pairs]] if pairs else hidden[:0]
    found = Samples(labels, features, [len(labels)], is_bfloat16=samples.is_bfloat16)
    return Container(files, arguments + ["--tokens", tokens] + options, what=what), found


@dataclass
class Moments:
    """The moments of each class in extended precision, in two passes."""

    tokens: np.ndarray
    counts: np.ndarray
    means: np.ndarray
    m2: np.ndarray
    largest: np.ndarray
    """The largest magnitude of a feature of each class."""


def moments(labels: np.ndarray, features: np.ndarray) -> Moments:
    wide = features.astype(np.longdouble)
    tokens, counts = np.unique(labels, return_counts=True)
    of_class = [wide[labels == token] for token in tokens]
    means = [rows.mean(axis=0) for rows in of_class]
    m2 = [((rows - mean) ** 2).sum() for rows, mean in zip(of_class, means)]
    largest = [np.abs(rows).max() for rows in of_class]
    return Moments(tokens, counts, np.array(means), np.array(m2), np.array(largest))


def difference(state: str, labels: np.ndarray, features: np.ndarray) -> str | None:
    """How a state differs from the moments of samples; None if it does not."""
    expected = moments(labels, features)
    with formats.h5py.File(state) as file:
        classes = file["classes"]
        tokens, counts = classes["token"][:], classes["count"][:]
        means, m2 = classes["mean"][:].astype(np.longdouble), classes["m2"][:]
        if "mean_carry" in classes:
            means += classes["mean_carry"][:]
        if int(file.attrs["samples"]) != len(labels):
            return f"{file.attrs['samples']} samples, not {len(labels)}"
    if not np.array_equal(tokens, expected.tokens):
        return f"tokens {tokens.tolist()}, not {expected.tokens.tolist()}"
    if not np.array_equal(counts, expected.counts):
        return f"counts {counts.tolist()}, not {expected.counts.tolist()}"
    off = np.abs(means - expected.means).max(axis=1) > 1e-10 * expected.largest
    if off.any():
        return f"the mean of token {tokens[off][0]} is {means[off][0]}, not {expected.means[off][0]}"
    # Differences of squares of doubles may cancel no further than their rounding.
    limit = 1e-10 * expected.m2 + 1e-28 * counts * expected.largest.astype(np.longdouble) ** 2 * features.shape[1]
    off = np.abs(m2 - expected.m2) > limit
    if off.any():
        return f"the m2 of token {tokens[off][0]} is {m2[off][0]}, not {expected.m2[off][0]}"
    return None
