"""Changes small valid files of every kind, runs `collapse` on each under limits, and checks the project's promises.

    python3 Tests/ProcessFuzz --count 2000                     # the binary of .build/release, a fixed seed
    python3 Tests/ProcessFuzz --count 20000 --seed 2 --keep found
    python3 Tests/ProcessFuzz --only 1234 --keep found         # one case again

A case that breaks a promise is kept in a folder with its files and the command, `replay.sh`. Needs NumPy, h5py, libzstd
and libxxhash.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import checking
from cases import case
from fixture import Fixture


def work(arguments, fixture: Fixture, place: Path, numbers: list[int], results) -> None:
    checker = checking.Checker(arguments.binary, fixture, place, arguments.keep)
    for number in numbers:
        made = case(arguments.seed, number, fixture, arguments.kind, arguments.skip)
        results.put((number, made.kind, made.what, *checker.check(number, made)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=".build/release/collapse")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, nargs="*", help="the numbers of single cases")
    parser.add_argument("--kind", nargs="*", default=[], help="kinds of file; all by default")
    parser.add_argument("--skip", nargs="*", default=[], help="kinds to leave out")
    parser.add_argument("--keep", type=Path, default=Path("found"), metavar="DIR", help="where flagged cases are kept")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    arguments.binary, arguments.keep = str(Path(arguments.binary).resolve()), arguments.keep.resolve()
    numbers = arguments.only or list(range(arguments.count))
    start, statuses, flagged, done = time.monotonic(), {}, 0, 0
    with tempfile.TemporaryDirectory(prefix="process-fuzz-") as folder:
        fixture = Fixture(arguments.binary, Path(folder) / "fixture")
        results, workers = multiprocessing.Queue(), []
        for worker in range(arguments.workers):
            place = Path(folder) / f"worker-{worker}"
            place.mkdir()
            share = numbers[worker :: arguments.workers]
            workers.append(
                multiprocessing.Process(target=work, args=(arguments, fixture, place, share, results), daemon=True)
            )
            workers[-1].start()
        while done < len(numbers):
            try:
                number, kind, what, words, status, found = results.get(timeout=60)
            except Exception:
                if all(worker.is_alive() for worker in workers):
                    continue
                print("a worker ended before its cases did", flush=True)
                return 1
            done += 1
            statuses.setdefault(kind, Counter())[status] += 1
            if found:
                flagged += 1
                print(
                    f"case {number}, {kind}, {what}\n  collapse {words}\n"
                    + "".join(f"  ✗ {problem}\n" for problem in found),
                    flush=True,
                )
            if done % 1000 == 0:
                print(
                    f"{done} of {len(numbers)} after {time.monotonic() - start:.0f} s, {flagged} flagged",
                    file=sys.stderr,
                    flush=True,
                )
    print(f"{'kind':14}" + "".join(f"{status:>8}" for status in ("exit 0", "1", "64", "65", "other")))
    for kind, counts in sorted(statuses.items()):
        other = sum(count for status, count in counts.items() if status not in (0, 1, 64, 65))
        print(f"{kind:14}" + "".join(f"{counts[status]:8}" for status in (0, 1, 64, 65)) + f"{other:8}")
    print(f"{done} cases in {time.monotonic() - start:.0f} s, seed {arguments.seed}: {flagged} flagged")
    if flagged:
        print(f"flagged cases are in {arguments.keep}")
    return 1 if flagged else 0


if __name__ == "__main__":
    sys.exit(main())
