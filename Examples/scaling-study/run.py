#!/usr/bin/env python3
"""Train tiny GPT-Neos of several widths, depths, epochs and seeds, and study how their collapse goes with their loss.

    python run.py --small    # three models, some minutes: try this first
    python run.py            # all of them

Models are those of ../tiny-kjv. Features go from the model into `collapse` through a pipe and are never on the disk. A model
that is done is not trained again, so an interrupted run goes on. Last, study.yaml (or small.yaml) measures all models,
studies and reports them.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRAINING = HERE.parent / "tiny-kjv" / "train.py"
COLUMNS = ["model", "layers", "width", "epochs", "seed", "parameters", "train_loss", "val_loss"]
NAME = re.compile(r"(\d+)x(\d+)_(\d+)e_s(\d+)")  # layers x width _ epochs _ seed


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="three models instead of all")
    parser.add_argument("--collapse", default="collapse", help="the program: a name on PATH or a path")
    parser.add_argument("--out", type=Path, default=Path("out/scaling-study"), help="folder of the results")
    parser.add_argument("--jobs", type=int, default=2, help="models trained at a time, each on one thread")
    parser.add_argument("--train-tokens", type=int, default=200_000, help="samples of the moments")
    parser.add_argument("--validation-tokens", type=int, default=20_000, help="samples of the decisions")
    return parser.parse_args()


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def models_of(pipeline: Path) -> list[str]:
    """The names that the pipeline file measures: the one list of them there is."""
    names = [match[0] for match in NAME.finditer(pipeline.read_text())]
    return list(dict.fromkeys(names))


def run(words: list[str | Path], log_file: Path, feed: subprocess.Popen | None = None) -> None:
    with open(log_file, "a") as errors:
        source = feed.stdout if feed else subprocess.DEVNULL
        done = subprocess.run(words, check=False, stdin=source, stdout=errors, stderr=errors)
    if done.returncode:
        raise SystemExit(f"run.py: {words[0]} {words[1]} failed, see {log_file}")


def make(name: str, arguments: argparse.Namespace) -> None:
    """Trains a model, its training samples going into `accumulate`; then decides its validation samples."""
    folder = arguments.out / name
    if (folder / "decisions.h5").exists():
        log(f"{name}: done before")
        return
    start = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    layers, width, epochs, seed = map(int, NAME.fullmatch(name).groups())
    training = [sys.executable, TRAINING, "--out", folder, "--layers", layers, "--width", width, "--epochs", epochs]
    training += ["--seed", seed, "--heads", max(1, width // 16), "--threads", 1, "--stream", "-", "--stream-batches", 24]
    training += ["--train-tokens", arguments.train_tokens, "--validation-tokens", arguments.validation_tokens]
    with open(folder / "train.log", "w") as errors:
        with subprocess.Popen([str(word) for word in training], stdout=subprocess.PIPE, stderr=errors) as producer:
            accumulate = [arguments.collapse, "accumulate", "-", "--within", "pooled", "--threads", "1"]
            run(accumulate + ["--output", folder / "moments.h5"], folder / "collapse.log", producer)
    if producer.returncode:
        raise SystemExit(f"run.py: training {name} failed, see {folder / 'train.log'}")
    head = f"{folder / 'model.safetensors'}#lm_head.weight"
    decide = [arguments.collapse, "decide", folder / "validation.npy.zst", "--moments", folder / "moments.h5"]
    decide += ["--classifier", head, "--threads", "1", "--output", folder / "decisions.h5"]
    run(decide, folder / "collapse.log")
    log(f"{name}: {time.monotonic() - start:.0f} s, validation loss {metadata(arguments.out, name)['val_loss']:.4f}")


def metadata(out: Path, name: str) -> dict[str, object]:
    return json.loads((out / name / "meta.json").read_text()) | {"model": name}


def main() -> None:
    arguments = parse_arguments()
    pipeline = HERE / ("small.yaml" if arguments.small else "study.yaml")
    names = models_of(pipeline)
    log(f"{len(names)} models, {arguments.jobs} at a time")
    # The longest first, so that none is left to train alone at the end.
    order = sorted(names, key=lambda name: -int(NAME.fullmatch(name)[3]) * (int(NAME.fullmatch(name)[2]) + 64))
    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(lambda name: make(name, arguments), order))
    with open(arguments.out / "metadata.csv", "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(metadata(arguments.out, name) for name in names)
    words = [arguments.collapse, "run", pipeline, "--set", f"out={arguments.out}"]
    sys.exit(subprocess.run(words, check=False).returncode)


if __name__ == "__main__":
    main()
