#!/usr/bin/env python3
"""Measure `collapse accumulate` over the same samples in NPY, safetensors and HDF5, next to a plain h5py loop.

The table goes to standard output as Markdown, everything else to standard error. All states are compared, bit by bit.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

try:
    import h5py
    import numpy as np
    from safetensors.numpy import save_file
except ImportError as error:
    sys.exit(f"sources.py: no {error.name}\n  → pip install -r requirements.txt")

BATCH = 4096  # rows of a batch, of a chunk, and of one read of the h5py loop
SPREAD = 0.5  # standard deviation of the class means; that of the noise is 1
DATASETS = ["mean", "m2", "count", "token"]  # in /classes; they must be equal


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--collapse", default="collapse", metavar="PATH", help="the program: a name on PATH or a path")
    parser.add_argument("--rows", type=int, default=1_000_000, help="samples; 3.5 kB of disk each at d = 576")
    parser.add_argument("--dimension", type=int, default=576, help="dimension of the features, d")
    parser.add_argument("--vocabulary", type=int, default=49_152, help="classes of the Zipf distribution, V")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each; the table has medians")
    parser.add_argument("--seed", type=int, default=0, help="seed of the samples")
    arguments = parser.parse_args()
    for name in ["rows", "dimension", "vocabulary", "repeats"]:
        if getattr(arguments, name) < 1:
            parser.error(f"--{name} must be at least 1")
    return arguments


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def zipf_samples(arguments: argparse.Namespace) -> tuple[np.ndarray, np.ndarray]:
    """Labels with p(rank r) ∝ 1/r, much like tokens of text; features = class mean + noise, float16."""
    generator = np.random.default_rng(arguments.seed)
    cumulative = np.cumsum(1 / np.arange(1, arguments.vocabulary + 1))
    ranks = np.searchsorted(cumulative, cumulative[-1] * generator.random(arguments.rows), side="right")
    labels = np.minimum(ranks, arguments.vocabulary - 1).astype(np.int32)
    means = SPREAD * generator.standard_normal((arguments.vocabulary, arguments.dimension), dtype=np.float32)
    features = np.empty((arguments.rows, arguments.dimension), np.float16)
    for start in range(0, arguments.rows, BATCH):
        rows = labels[start : start + BATCH]
        noise = generator.standard_normal((len(rows), arguments.dimension), dtype=np.float32)
        features[start : start + BATCH] = means[rows] + noise
    return labels, features


def write_sources(folder: Path, labels: np.ndarray, features: np.ndarray) -> dict[str, Path]:
    """Writes the same samples in every container, with its own library. They are then in the page cache."""
    paths = {name: folder / name for name in ["plain.npy", "plain.safetensors", "plain.h5", "deflated.h5"]}
    log("writing the samples four times")
    with open(paths["plain.npy"], "wb") as file:
        for start in range(0, len(labels), BATCH):
            np.save(file, labels[start : start + BATCH])
            np.save(file, features[start : start + BATCH])
    save_file({"labels": labels, "features": features}, paths["plain.safetensors"])
    with h5py.File(paths["plain.h5"], "w") as file:
        file.update({"labels": labels, "features": features})
    chunk = min(BATCH, len(labels))
    with h5py.File(paths["deflated.h5"], "w") as file:
        options = {"compression": "gzip", "compression_opts": 4, "shuffle": True}
        file.create_dataset("labels", data=labels, chunks=(chunk,), **options)
        file.create_dataset("features", data=features, chunks=(chunk, features.shape[1]), **options)
    return paths


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def h5py_loop(path: Path) -> None:
    """Reads every batch as a training or analysis script would, and discards it."""
    with h5py.File(path) as file:
        labels, features = file["labels"], file["features"]
        for start in range(0, len(labels), BATCH):
            labels[start : start + BATCH], features[start : start + BATCH]


def accumulate(collapse: str, path: Path, state: Path) -> None:
    words = [collapse, "accumulate", str(path), "--output", str(state)]
    done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"sources.py: {' '.join(words)}: status {done.returncode}\n{done.stderr.strip()}")


def all_equal(states: list[Path]) -> bool:
    """Whether the numbers of all states have the same bits."""
    numbers = []
    for path in states:
        with h5py.File(path) as file:
            numbers.append([file["classes"][name][()].tobytes() for name in DATASETS])
    return all(other == numbers[0] for other in numbers)


def main() -> None:
    arguments = parse_arguments()
    random.seed(arguments.seed)
    labels, features = zipf_samples(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_sources(folder, labels, features)
        del features
        runs: dict[str, Callable[[], None]] = {"h5py loop, deflated.h5": lambda: h5py_loop(paths["deflated.h5"])}
        for title, path in paths.items():
            state = folder / f"{title}.state.h5"
            runs[f"collapse accumulate {title}"] = lambda path=path, state=state: accumulate(
                arguments.collapse, path, state
            )
        seconds: dict[str, list[float]] = {title: [] for title in runs}
        for number in range(arguments.repeats):
            # Each round has its own order, because a run finds the machine as the one before left it.
            turn = random.sample(sorted(runs.items()), len(runs))
            for title, run in turn:
                seconds[title].append(timed(run))
                log(f"round {number + 1} of {arguments.repeats}: {title} {seconds[title][-1]:.2f} s")
        equal = all_equal([folder / f"{title}.state.h5" for title in paths])

    print("| what | seconds, median | least–most | rows/s |\n| --- | ---: | ---: | ---: |")
    for title, times in seconds.items():
        span = f"{min(times):.2f}–{max(times):.2f}"
        rate = f"{arguments.rows / median(times):,.0f}".replace(",", " ")
        print(f"| {title} | {median(times):.2f} | {span} | {rate} |")
    of = {title: median(times) for title, times in seconds.items()}
    deflated = of["h5py loop, deflated.h5"] / of["collapse accumulate deflated.h5"]
    mapped = of["collapse accumulate plain.npy"] / of["collapse accumulate plain.safetensors"]
    print(f"\nHDF5 with deflate and shuffle: {deflated:.2f} × the h5py loop (limit ≥ 1.5).")
    print(f"safetensors: {mapped:.2f} × the rate of NPY (limit 0.9 to 1.1).")
    print("All states are equal, bit by bit." if equal else "**The states differ.**")
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
