#!/usr/bin/env python3
"""Measure `collapse accumulate` against zstd, Polars, torch and BLAS, on one synthetic stream, in one run.

The table goes to standard output as Markdown, everything else to standard error. Tools that are not installed are
left out of the table and listed below it.
"""

import argparse
import io
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import BinaryIO

try:
    import numpy as np
except ImportError:
    sys.exit("compare.py: no numpy\n  → pip install -r requirements.txt")

BATCH = 4096  # rows of a batch, and of a zstd frame
SPREAD = 0.5  # standard deviation of the class means; that of the noise is 1
TORCH_BATCHES = [512, 1024, 2048, 4096, 8192]  # the fastest on TUNING_ROWS rows is kept
TORCH_LARGE_BATCH = 65_536  # rows of a call without a search for the fastest batch
TUNING_ROWS = 131_072
BLAS_ROWS = 20_000  # rows of one dsyrk: enough for its full speed, small enough for any memory
TOLERANCE = 1e-10  # between the state and NumPy, relative
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")  # bytes
LOAD = os.getloadavg()[0]  # caused by others, because it is read before anything runs

Run = Callable[[], float]  # does the work once and returns its seconds


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)

    def option(name: str, default: object, meaning: str, **more: object) -> None:
        parser.add_argument(name, type=type(default), default=default, help=meaning, **more)

    option("--collapse", "collapse", "the program: a name on PATH or a path", metavar="PATH")
    option("--rows", 4_000_000, "rows of the stream, N; 2.3 kB of disk each, with the default dimension")
    option("--dimension", 576, "dimension of the features, d")
    option("--vocabulary", 49_152, "classes of the Zipf distribution, V")
    option("--memory-rows", 1_000_000, "the first rows of the stream, that the tools which work in memory get")
    option("--repeats", 3, "times that everything is run; the table has medians")
    option("--seed", 0, "seed of the stream")
    parser.add_argument("--folder", type=Path, help="where the stream is made, kept, and reused")
    parser.add_argument("--keep", action="store_true", help="keep the folder even if it is temporary")
    parser.add_argument("--stream", metavar="PREFIX", help="use PREFIX.npy and PREFIX.npy.zst instead")
    parser.add_argument("--skip", nargs="+", default=[], choices=list(TITLES), help="leave these out")
    arguments = parser.parse_args()
    for name in ["rows", "dimension", "vocabulary", "memory_rows", "repeats"]:
        if getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1")
    return arguments


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def grouped(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


# The stream


@dataclass
class Stream:
    """One stream in two files, and the rows of it for the tools that work in memory."""

    plain: Path
    compressed: Path  # need not exist
    counts: np.ndarray  # [V], rows of every label
    labels: np.ndarray  # [M] int64, of the first M rows
    features: np.ndarray  # [M × d], in storage type

    @property
    def rows(self) -> int:
        return int(self.counts.sum())

    @property
    def classes(self) -> np.ndarray:
        return np.flatnonzero(self.counts)

    @property
    def dimension(self) -> int:
        return self.features.shape[1]


def zipf_batches(rows: int, dimension: int, vocabulary: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Labels with p(rank r) ∝ 1/r, much like tokens of text; features = class mean + noise."""
    random = np.random.default_rng(seed)
    cumulative = np.cumsum(1 / np.arange(1, vocabulary + 1))
    label_of_rank = random.permutation(vocabulary).astype(np.int32)
    means = SPREAD * random.standard_normal((vocabulary, dimension), dtype=np.float32)
    for start in range(0, rows, BATCH):
        size = min(BATCH, rows - start)
        ranks = np.searchsorted(cumulative, cumulative[-1] * random.random(size), side="right")
        labels = label_of_rank[np.minimum(ranks, vocabulary - 1)]
        yield labels, (means[labels] + random.standard_normal((size, dimension), dtype=np.float32)).astype(np.float16)


def as_npy(labels: np.ndarray, features: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, labels)
    np.save(content, features)
    return content.getvalue()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name only when it is complete, so that no partial file is taken for a stream."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "wb") as file:
        yield file
    unfinished.rename(path)


def make_plain(path: Path, arguments: argparse.Namespace) -> None:
    log(f"making {grouped(arguments.rows)} rows: {path}")
    with whole_file(path) as file:
        for labels, features in zipf_batches(arguments.rows, arguments.dimension, arguments.vocabulary, arguments.seed):
            file.write(as_npy(labels, features))


def compress(plain: Path, compressed: Path) -> None:
    """The same stream with a checksummed zstd frame for each batch."""
    import zstandard

    log(f"compressing it: {compressed}")
    compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
    with whole_file(compressed) as file:
        for labels, features in read_batches(plain):
            file.write(compressor.compress(as_npy(labels, features)))


def find_or_make(arguments: argparse.Namespace, folder: Path) -> tuple[Path, Path]:
    """The plain and the compressed file of the stream; without zstandard, the second may be missing."""
    shape = f"zipf-{arguments.vocabulary}-{arguments.dimension}-{arguments.rows}-{arguments.seed}"
    prefix = arguments.stream or str(folder / shape)
    plain, compressed = Path(prefix + ".npy"), Path(prefix + ".npy.zst")
    if arguments.stream:
        if not plain.exists():
            sys.exit(f"compare.py: no {plain}\n  → leave out --stream to make a stream")
        return plain, compressed
    missing = [path for path in (plain, compressed) if not path.exists()]
    needed = len(missing) * arguments.rows * (2 * arguments.dimension + 4)
    free = shutil.disk_usage(folder).free
    if free < needed:
        sys.exit(f"compare.py: {folder} has {free / 1e9:.1f} GB free, of {needed / 1e9:.1f}\n  → --folder or --rows")
    if plain in missing:
        make_plain(plain, arguments)
    if compressed in missing and find_spec("zstandard"):
        compress(plain, compressed)
    return plain, compressed


def read_batches(path: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Labels and features of each batch of an uncompressed stream; predictions between them are skipped."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        while file.tell() < size:
            labels = features = np.load(file)
            while features.ndim == 1:
                features = np.load(file)
            yield labels, features


def read_stream(plain: Path, compressed: Path, memory_rows: int) -> Stream:
    """Counts every label and keeps the first rows; reading also brings both files into the page cache."""
    counts = np.zeros(0, np.int64)
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    missing = memory_rows
    for labels, features in read_batches(plain):
        more = np.bincount(labels)
        counts = np.pad(counts, (0, max(0, len(more) - len(counts))))
        counts[: len(more)] += more
        if missing > 0:
            kept.append((labels[:missing], features[:missing]))
            missing -= len(labels)
    if compressed.exists():
        with open(compressed, "rb") as file:
            while file.read(1 << 24):
                pass
    labels, features = (np.concatenate(column) for column in zip(*kept, strict=True))
    return Stream(plain, compressed, counts, labels.astype(np.int64), features)


def write_one_row_a_class(path: Path, stream: Stream) -> Path:
    """A stream with one row per class: its state has the same size, and nothing else costs time."""
    random = np.random.default_rng(0)
    with open(path, "wb") as file:
        for start in range(0, len(stream.classes), BATCH):
            labels = stream.classes[start : start + BATCH].astype(np.int32)
            features = random.standard_normal((len(labels), stream.dimension), dtype=np.float32)
            file.write(as_npy(labels, features.astype(stream.features.dtype)))
    return path


# What is measured


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(*words: str | Path) -> Run:
    """The wall time of a program. Its standard output is discarded."""

    def work() -> None:
        done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"compare.py: {' '.join(map(str, words))}: status {done.returncode}\n{done.stderr.strip()}")

    return lambda: timed(work)


def polars_group_by(stream: Stream) -> Run:
    """Mean and variance of every column by label, streaming.

    Columns are float32: of float16 columns, Polars makes float16 means. They are in memory and in the layout Polars
    wants before the clock starts.
    """
    import polars

    columns = np.empty((stream.dimension, len(stream.labels)), np.float32)
    for start in range(0, len(stream.labels), BATCH):  # a transposition that stays in the cache
        columns[:, start : start + BATCH] = stream.features[start : start + BATCH].T
    frame = polars.DataFrame({"label": stream.labels} | {f"h{i}": column for i, column in enumerate(columns)})
    every = polars.exclude("label")
    query = frame.lazy().group_by("label").agg(every.mean().name.suffix("_mean"), every.var().name.suffix("_variance"))
    return lambda: timed(lambda: query.collect(engine="streaming"))


def torch_index_add(stream: Stream, batches: list[int]) -> Run:
    """Two passes of index_add_ in float64: Σ h, then Σ ‖h − μ‖², which is what a state holds.

    Of several batch sizes, in rows, the fastest is taken.
    """
    import torch

    torch.set_num_threads(CORES)
    labels, features = torch.from_numpy(stream.labels), torch.from_numpy(stream.features)
    vocabulary = len(stream.counts)

    def two_passes(rows: int, batch: int) -> None:
        parts = list(zip(labels[:rows].split(batch), features[:rows].split(batch), strict=True))
        sums = torch.zeros(vocabulary, stream.dimension, dtype=torch.float64)
        for label, feature in parts:
            sums.index_add_(0, label, feature.double())
        counts = torch.bincount(labels[:rows], minlength=vocabulary)
        means = sums.div_(counts.clamp_(min=1).unsqueeze(1))
        squares = torch.zeros(vocabulary, dtype=torch.float64)
        for label, feature in parts:
            squares.index_add_(0, label, (feature.double() - means[label]).square_().sum(dim=1))

    best = batches[0]
    if len(batches) > 1:
        tuning = {batch: timed(partial(two_passes, TUNING_ROWS, batch)) for batch in batches}
        best = min(tuning, key=tuning.get)
        log(f"torch: batches of {best} rows are the fastest")
    return lambda: timed(lambda: two_passes(len(labels), best))


def blas_dsyrk(stream: Stream) -> Run:
    """XᵀX of float64 rows: the least that a scatter matrix costs. Conversion to float64 is not on the clock."""
    from scipy.linalg.blas import dsyrk

    def run() -> float:
        seconds = 0.0
        for start in range(0, len(stream.labels), BLAS_ROWS):
            rows = stream.features[start : start + BLAS_ROWS].astype(np.float64)
            seconds += timed(partial(dsyrk, 1.0, rows.T))  # transposed, it has Fortran's order: no copy
        return seconds

    return run


TITLES = {
    "zstd": "`zstd -dc FILE.npy.zst > /dev/null`",
    "compressed": "`collapse accumulate FILE.npy.zst`",
    "plain": "`collapse accumulate FILE.npy`",
    "start": "the same of one row a class: start-up and state file",
    "pooled": "`collapse accumulate FILE.npy --within pooled`",
    "polars": "Polars `group_by`, streaming, float32 in memory: means, variances",
    "torch": "torch `index_add_`, two passes, float64, rows in memory, the fastest batches",
    "torch-large": f"torch `index_add_`, two passes, float64, rows in memory, batches of {TORCH_LARGE_BATCH}",
    "blas": "BLAS `dsyrk`, rows in memory as float64",
}

STATES = ["compressed", "plain", "pooled"]  # runs that make a state of the whole stream

# Rows per second of the first divided by those of the second. For times, the ratio is inverted.
COMPARISONS = [
    ("time of `FILE.npy.zst` / time of `zstd -dc`", "zstd", "compressed", "≤ 0.80"),
    ("rows/s of `FILE.npy` / rows/s of Polars", "plain", "polars", "≥ 15"),
    ("rows/s of `FILE.npy` / rows/s of torch, the fastest batches", "plain", "torch", ""),
    ("rows/s of `FILE.npy` / rows/s of torch, large batches", "plain", "torch-large", "≥ 25"),
    ("rows/s of `--within pooled` / rows/s of BLAS", "pooled", "blas", "≥ 0.70"),
]


@dataclass
class Contender:
    """Something to time, and its number of rows."""

    rows: int
    prepare: Callable[[], Run]
    missing: str | None = None  # how to install it, if it is missing


def contenders(stream: Stream, collapse: str, folder: Path) -> dict[str, Contender]:
    """Everything that can be measured, by name, in the order of the table."""

    def accumulate(name: str, path: Path, *options: str) -> Run:
        return command(collapse, "accumulate", path, *options, "--output", folder / f"{name}.h5")

    def package(name: str) -> str | None:
        return None if find_spec(name) else f"pip install {name}"

    def start() -> Run:
        return accumulate("start", write_one_row_a_class(folder / "one-row-a-class.npy", stream))

    frames = None if stream.compressed.exists() else f"pip install zstandard, for {stream.compressed.name}"
    zstd = frames if shutil.which("zstd") else "apt-get install zstd"
    rows, kept = stream.rows, len(stream.labels)
    return {
        "zstd": Contender(rows, lambda: command("zstd", "-dc", stream.compressed), zstd),
        "compressed": Contender(rows, lambda: accumulate("compressed", stream.compressed), frames),
        "plain": Contender(rows, lambda: accumulate("plain", stream.plain)),
        "start": Contender(len(stream.classes), start),
        "pooled": Contender(rows, lambda: accumulate("pooled", stream.plain, "--within", "pooled")),
        "polars": Contender(kept, lambda: polars_group_by(stream), package("polars")),
        "torch": Contender(kept, lambda: torch_index_add(stream, TORCH_BATCHES), package("torch")),
        "torch-large": Contender(kept, lambda: torch_index_add(stream, [TORCH_LARGE_BATCH]), package("torch")),
        "blas": Contender(kept, lambda: blas_dsyrk(stream), package("scipy")),
    }


def measure(chosen: dict[str, Contender], repeats: int) -> dict[str, list[float]]:
    """Seconds of every run. Round by round, so that a slow minute of the machine slows all alike."""
    runs = {name: contender.prepare() for name, contender in chosen.items()}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(repeats):
        for name, run in runs.items():
            seconds[name].append(run())
            log(f"round {number + 1} of {repeats}: {name} {seconds[name][-1]:.2f} s")
    return seconds


# Whether it is right


def expected_moments(stream: Stream, tokens: list[int]) -> dict[int, tuple[np.ndarray, float]]:
    """μ_c and Σ‖h − μ_c‖² of a few classes, by NumPy in float64 and two passes."""
    sums = {token: np.zeros(stream.dimension) for token in tokens}
    for labels, features in read_batches(stream.plain):
        for token in tokens:
            sums[token] += features[labels == token].astype(np.float64).sum(axis=0)
    means = {token: sums[token] / stream.counts[token] for token in tokens}
    squares = dict.fromkeys(tokens, 0.0)
    for labels, features in read_batches(stream.plain):
        for token in tokens:
            squares[token] += ((features[labels == token] - means[token]) ** 2).sum()
    return {token: (means[token], squares[token]) for token in tokens}


def largest_error(state: Path, stream: Stream, expected: dict[int, tuple[np.ndarray, float]]) -> float:
    """The largest relative deviation of a state from NumPy; infinite if the counts, which are exact, differ."""
    import h5py

    with h5py.File(state) as file:
        classes = file["classes"]
        if not np.array_equal(classes["token"], stream.classes):
            return np.inf
        if not np.array_equal(classes["count"], stream.counts[stream.classes]):
            return np.inf
        errors = []
        for token, (mean, square) in expected.items():
            index = int(np.searchsorted(stream.classes, token))
            errors.append(np.abs(classes["mean"][index] - mean).max() / np.abs(mean).max())
            errors.append(abs(classes["m2"][index] - square) / square if square else abs(classes["m2"][index]))
    return float(max(errors))


def check(stream: Stream, folder: Path, names: list[str]) -> tuple[bool, str]:
    """Compares the states with NumPy: counts of all classes, moments of a common, a medium and a rare one."""
    states = [name for name in STATES if name in names]
    if not states:
        return True, "No state was made, so none was checked."
    if not find_spec("h5py"):
        return True, "States were not checked: pip install h5py."
    by_count = stream.classes[np.argsort(stream.counts[stream.classes], kind="stable")]
    tokens = sorted({int(by_count[place]) for place in (0, len(by_count) // 2, -1)})
    log("checking the states against NumPy")
    expected = expected_moments(stream, tokens)
    error = max(largest_error(folder / f"{name}.h5", stream, expected) for name in states)
    if not error <= TOLERANCE:  # also if it is NaN
        return False, f"**The states are wrong**: off by {error:.1e} from NumPy in float64, of {TOLERANCE:.0e}."
    return True, f"States agree with NumPy in float64 to {error:.1e}: counts of all classes, moments of {len(tokens)}."


# The report


def machine(collapse: str) -> str:
    """Processor, cores, memory, load and versions, in one paragraph."""
    versions = [output_of(collapse, "--version"), f"Python {platform.python_version()}"]
    if shutil.which("zstd"):
        versions.append(f"zstd {output_of('zstd', '-qV').lstrip('v')}")
    packages = ["numpy", "polars", "torch", "scipy", "zstandard"]
    versions += [f"{name} {version(name)}" for name in packages if find_spec(name)]
    return (
        f"{processor()}, {CORES} cores, {MEMORY / 2**30:.0f} GiB; load before the first run {LOAD:.1f}; "
        f"{platform.system()} {platform.release()}; {', '.join(versions)}."
    )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def output_of(*words: str) -> str:
    return subprocess.run(words, check=False, capture_output=True, text=True).stdout.strip()


def timing_table(chosen: dict[str, Contender], seconds: dict[str, list[float]]) -> Iterator[str]:
    yield "| what | rows | seconds, median | least–most | rows/s |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, times in seconds.items():
        rows, middle = chosen[name].rows, median(times)
        span = f"{min(times):.2f}–{max(times):.2f}"
        yield f"| {TITLES[name]} | {grouped(rows)} | {middle:.2f} | {span} | {grouped(rows / middle)} |"


def comparison_table(chosen: dict[str, Contender], seconds: dict[str, list[float]]) -> Iterator[str]:
    """Ratios of rates: of median times, of the least times, and without collapse's start-up and state file."""
    whole = {name: chosen[name].rows / median(times) for name, times in seconds.items()}
    best = {name: chosen[name].rows / min(times) for name, times in seconds.items()}
    beyond = whole | {name: rate_beyond_start(name, chosen, seconds) for name in STATES if name in seconds}
    rows = [
        f"| {title} | {whole[above] / whole[below]:.2f} | {best[above] / best[below]:.2f} "
        f"| {ratio_or_dash(beyond[above], beyond[below])} | {target} |"
        for title, above, below, target in COMPARISONS
        if above in whole and below in whole
    ]
    if rows:
        yield "| comparison | ratio | of the least times | beyond start-up and state file | target |"
        yield "| --- | ---: | ---: | ---: | ---: |"
    yield from rows


def rate_beyond_start(name: str, chosen: dict[str, Contender], seconds: dict[str, list[float]]) -> float | None:
    """Rows per second beyond the run over one row per class; None if that run is most of the time."""
    if "start" not in seconds:
        return None
    rows = chosen[name].rows - chosen["start"].rows
    time_left = median(seconds[name]) - median(seconds["start"])
    return rows / time_left if rows > 0 and time_left > 0 else None


def ratio_or_dash(above: float | None, below: float | None) -> str:
    return f"{above / below:.2f}" if above and below else "–"


@contextmanager
def working_folder(arguments: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """The folder of the stream, and a folder in it for states, which is always removed."""
    if arguments.folder:
        arguments.folder.mkdir(parents=True, exist_ok=True)
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="collapse-throughput-"))
    try:
        with tempfile.TemporaryDirectory(prefix="states-", dir=folder) as states:
            yield folder, Path(states)
    finally:
        if arguments.folder or arguments.keep:
            log(f"kept {folder}")
        else:
            shutil.rmtree(folder)


def compare(arguments: argparse.Namespace, collapse: str, folder: Path, states: Path) -> bool:
    """Measures, checks and reports. Returns whether the states are right."""
    plain, compressed = find_or_make(arguments, folder)
    log(f"reading {plain} and {compressed}")
    if sum(path.stat().st_size for path in (plain, compressed) if path.exists()) > MEMORY / 2:
        log("the files are larger than half the memory, so this may measure the disk\n  → --rows")
    stream = read_stream(plain, compressed, arguments.memory_rows)
    every = contenders(stream, collapse, states)
    wanted = {name: every[name] for name in every if name not in arguments.skip}
    absent = [f"Not measured: {name} → {one.missing}" for name, one in wanted.items() if one.missing]
    for line in absent:
        log(line)
    chosen = {name: contender for name, contender in wanted.items() if not contender.missing}
    seconds = measure(chosen, arguments.repeats)
    right, verdict = check(stream, states, list(chosen))

    kind = f"{stream.dimension} × {stream.features.dtype}"
    print(machine(collapse), end="\n\n")
    print(f"{grouped(stream.rows)} rows of {kind} in {grouped(len(stream.classes))} classes. {verdict}", end="\n\n")
    print(*timing_table(chosen, seconds), sep="\n", end="\n\n")
    print(*comparison_table(chosen, seconds), sep="\n")
    for line in absent:
        print(f"\n{line}")
    return right


def main() -> None:
    arguments = parse_arguments()
    collapse = shutil.which(arguments.collapse)
    if not collapse:
        sys.exit(f"compare.py: no program {arguments.collapse}\n  → swift build -c release, then --collapse PATH")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the temporary folder is removed
    with working_folder(arguments) as (folder, states):
        right = compare(arguments, collapse, folder, states)
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
