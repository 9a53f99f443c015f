#!/usr/bin/env python3
"""Train tiny GPT-Neos of several widths, depths, epochs and seeds, and study how their collapse relates to their loss.

    python run.py --small    # three models, a few minutes: try this first
    python run.py            # all of them

Models are those of ../tiny-kjv. Features go from the model into `collapse` through pipes and never touch the disk. A
finished model is not trained again, so an interrupted run can be resumed. At the end, study.yaml (or small.yaml) measures,
studies and reports all models.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO

HERE = Path(__file__).resolve().parent
TRAINING = HERE.parent / "tiny-kjv" / "train.py"
COLUMNS = ["model", "layers", "width", "epochs", "seed", "parameters", "train_loss", "val_loss"]
NAME = re.compile(r"(\d+)x(\d+)_(\d+)e_s(\d+)")  # layers x width _ epochs _ seed


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="three models instead of all")
    parser.add_argument("--collapse", default="collapse", help="the program: a name on PATH or a path")
    parser.add_argument("--out", type=Path, default=Path("out/scaling-study"), help="folder of the results")
    parser.add_argument("--jobs", type=int, default=2, help="models trained at the same time, each on one thread")
    parser.add_argument("--train-tokens", type=int, default=200_000, help="samples of the moments")
    parser.add_argument("--validation-tokens", type=int, default=20_000, help="samples of the decisions")
    return parser.parse_args()


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def models_of(pipeline: Path) -> list[str]:
    """The names that the pipeline file measures. There is no other list of them."""
    names = [match[0] for match in NAME.finditer(pipeline.read_text())]
    return list(dict.fromkeys(names))


def collapse(words: list[str | Path], source: BinaryIO, log_file: Path) -> None:
    with open(log_file, "a") as errors:
        done = subprocess.run([*words, "--threads", "1"], check=False, stdin=source, stdout=errors, stderr=errors)
    if done.returncode:
        raise RuntimeError(f"{words[0]} {words[1]} failed, see {log_file} and train.log")


def make(name: str, arguments: argparse.Namespace) -> None:
    """Trains a model; its training samples go into `accumulate`, then its validation samples into `decide`."""
    folder = arguments.out / name
    if all((folder / made).exists() for made in ["decisions.h5", "meta.json"]):
        log(f"{name}: already done")
        return
    start = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    moments, errors = folder / "moments.h5", folder / "collapse.log"
    with training(name, folder, arguments) as (train, validation):
        accumulate = [arguments.collapse, "accumulate", "-", "--within", "pooled", "--output", moments]
        collapse(accumulate, train, errors)
        decide = [arguments.collapse, "decide", "-", "--moments", moments, "--output", folder / "decisions.h5"]
        collapse([*decide, "--classifier", f"{folder / 'model.safetensors'}#lm_head.weight"], validation, errors)
    log(f"{name}: {time.monotonic() - start:.0f} s, validation loss {metadata(arguments.out, name)['val_loss']:.4f}")


@contextmanager
def training(name: str, folder: Path, arguments: argparse.Namespace) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The training stream and then the validation stream of train.py."""
    layers, width, epochs, seed = map(int, NAME.fullmatch(name).groups())
    ends = os.pipe()
    words = [sys.executable, TRAINING, "--out", folder, "--layers", layers, "--width", width, "--epochs", epochs]
    words += ["--seed", seed, "--heads", max(1, width // 16), "--threads", 1]
    words += ["--stream", "-", "--stream-batches", 24, "--validation-stream", f"/dev/fd/{ends[1]}"]
    words += ["--train-tokens", arguments.train_tokens, "--validation-tokens", arguments.validation_tokens]
    with open(folder / "train.log", "w") as errors:
        producer = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=errors, pass_fds=[ends[1]])
    os.close(ends[1])
    # If collapse fails, closing both pipes before waiting for train.py makes that fail too.
    with producer, open(ends[0], "rb") as validation:
        yield producer.stdout, validation
    if producer.returncode:
        raise RuntimeError(f"training failed, see {folder / 'train.log'}")


def make_all(names: list[str], arguments: argparse.Namespace) -> None:
    """Makes models, several at a time. If one fails, this says so at once and starts no other."""
    failed = Event()

    def make_unless_failed(name: str) -> None:
        if failed.is_set():
            return
        try:
            make(name, arguments)
        except Exception as error:
            failed.set()
            log(f"run.py: {name} failed: {error}\nrun.py: no other model is started; those in training finish first")

    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(make_unless_failed, names))
    if failed.is_set():
        raise SystemExit(1)


def metadata(out: Path, name: str) -> dict[str, object]:
    return json.loads((out / name / "meta.json").read_text()) | {"model": name}


def main() -> None:
    arguments = parse_arguments()
    pipeline = HERE / ("small.yaml" if arguments.small else "study.yaml")
    names = models_of(pipeline)
    log(f"{len(names)} models, {arguments.jobs} at a time")
    # The longest first, so that no long one trains alone at the end.
    order = sorted(names, key=lambda name: -int(NAME.fullmatch(name)[3]) * (int(NAME.fullmatch(name)[2]) + 64))
    make_all(order, arguments)
    with open(arguments.out / "metadata.csv", "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(metadata(arguments.out, name) for name in names)
    words = [arguments.collapse, "run", pipeline, "--set", f"out={arguments.out}"]
    sys.exit(subprocess.run(words, check=False).returncode)


if __name__ == "__main__":
    main()
