"""What is true of every run, whatever its input: the promises of the project, as checks."""

import json
import re
from pathlib import Path

from running import Limits, Run

STATUSES = {0, 1, 64, 65, 75}
MEMORY = 400 << 10
"""The limit of every run in KiB."""
SHARED = 48 << 10
"""KiB beyond it: pages of the program and its libraries, which are the page cache's, count as resident too. A run on
some bytes has 35 MiB of them."""
CRASHES = [
    b"Fatal error",
    b"Illegal instruction",
    b"Segmentation",
    b"stack dump",
    b"Stack dump",
    b"HDF5-DIAG",
    b"terminate called",
]
CRASHES += [b"*** Error", b"Backtrace", b"crashed", b"AddressSanitizer", b"Swift/", b"double free", b"DecodingError"]
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def of_process(run: Run, limits: Limits, verb: str) -> list[str]:
    """Ended by itself, in time and memory, with a documented status. `bench` fills memory to measure it."""
    found = []
    if run.is_hung:
        return [f"hung: still ran after {limits.seconds} s"]
    if run.status < 0:
        found.append(f"ended by signal {-run.status}")
    elif run.status not in STATUSES:
        found.append(f"exit status {run.status}")
    elif run.status == 75:
        found.append("exit status 75 without an interruption")
    if run.peak_kibibytes > MEMORY + SHARED and verb != "bench":
        found.append(f"took {run.peak_kibibytes >> 10} MiB")
    return found


def is_of_libhdf5(errors: bytes, names: list[str]) -> bool:
    """Whether it broke on a damaged HDF5 file. Some damaged groups break libhdf5 itself (1.10.8, in H5Literate); the
    program then ends with one line, status 1 and no lock, which other rules check."""
    return b"internal error (SIG" in errors and any(name.endswith(".h5") for name in names)


def of_words(run: Run, names: list[str], writes_file: bool) -> list[str]:
    """What it said is for people, and says what is wrong, where, and what to do."""
    is_excused = is_of_libhdf5(run.errors, names)
    found = [f"said “{crash.decode()}”" for crash in CRASHES if crash in run.errors and not is_excused]
    try:
        errors = run.errors.decode()
    except UnicodeDecodeError as error:
        return found + [f"standard error is not UTF-8: {error}"]
    if match := UNPRINTABLE.search(errors):
        found.append(f"standard error has the character {match[0]!r}")
    if len(errors) > 60_000:
        found.append(f"standard error has {len(errors)} characters")
    if run.status in (1, 64, 65):
        if not re.search("^(collapse|Error): ", errors, re.M):
            found.append("failed without a message")
        elif run.status != 64 and "→" not in errors and not is_excused:
            found.append(f"exit {run.status} without advice")
        if run.status == 65 and not any(name in errors for name in names):
            found.append("exit 65 without the name of a file")
    if writes_file and run.status >= 0 and run.output:
        found.append(f"wrote an output, but also {len(run.output)} bytes to standard output")
    return found


def of_output(run: Run, arguments: list[str]) -> list[str]:
    """Standard output holds a complete result, or nothing."""
    if run.status not in (0, 1, 64, 65) or arguments[0] == "write":
        return []
    if run.status != 0:
        # `status` and `validate` answer with their status.
        return (
            [] if not run.output or arguments[0] in ("status", "validate") else ["failed, but wrote to standard output"]
        )
    try:
        text = run.output.decode()
    except UnicodeDecodeError as error:
        return [f"standard output is not UTF-8: {error}"]
    if match := UNPRINTABLE.search(text):
        return [f"standard output has the character {match[0]!r}"]
    if "--format json" in " ".join(arguments) or arguments[0] in ("measure",) and "--format" not in arguments:
        return json_problems("standard output", run.output) if text else []
    return []


def json_problems(name: str, content: bytes) -> list[str]:
    def refuse(word: str):
        raise ValueError(f"{word} is not JSON")

    try:
        json.loads(content, parse_constant=refuse)
        return []
    except ValueError as error:
        return [f"{name}: {error}"]


def of_files(
    before: dict[str, bytes], after: dict[str, bytes], outputs: list[str], run: Run, may_keep: list[str]
) -> list[str]:
    """Inputs are as they were; all outputs are there, or none; nothing else is."""
    found = []

    def is_output(name: str) -> bool:
        return any(name == output or output.endswith("/") and name.startswith(output) for output in outputs)

    for name in sorted(before.keys() | after.keys()):
        # With many problems, the first few tell.
        if len(found) > 5:
            break
        was, now = before.get(name), after.get(name)
        if is_output(name):
            if run.status != 0 and was != now and not any(re.fullmatch(pattern, name) for pattern in may_keep):
                found.append(f"failed, but {'changed' if was is not None and now is not None else 'left'} {name}")
            if now is not None and re.search(r"\.partial|\.lock|\.checkpoint|\.previous", name):
                found.append(f"left {name}")
        elif was is None:
            found.append(f"left {name}")
        elif now is None:
            if not any(re.fullmatch(pattern, name) for pattern in may_keep):
                found.append(f"removed {name}")
        elif was != now and not any(re.fullmatch(pattern, name) for pattern in may_keep):
            found.append(f"changed {name}")
    if run.status == 0:
        for output in outputs:
            if not (output.endswith("/") or output in after):
                found.append(f"done, but {output} is missing")
    for output in outputs:
        content = after.get(output)
        if content is not None and run.status == 0:
            found += complete(output, content)
    return found


def complete(name: str, content: bytes) -> list[str]:
    """A file is whole, as far as its form shows it."""
    if name.endswith(".json"):
        return json_problems(name, content)
    if name.endswith(".h5") and not content.startswith(b"\x89HDF\r\n\x1a\n"):
        return [f"{name} is not HDF5"]
    if name.endswith(".html") and b"</html>" not in content[-20:]:
        return [f"{name} has no end"]
    if name.endswith((".csv", ".tex")) and not content.endswith(b"\n"):
        return [f"{name} does not end with a line"]
    if name.endswith(".csv"):
        try:
            content.decode()
        except UnicodeDecodeError as error:
            return [f"{name}: {error}"]
    return []


def files(place: Path) -> dict[str, bytes]:
    """The content of every file below a folder, and empty content with a slash for empty folders."""
    found = {}
    for path in place.rglob("*"):
        name = str(path.relative_to(place))
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}".encode()
        elif path.is_file():
            found[name] = path.read_bytes()
        elif path.is_dir() and not any(path.iterdir()):
            found[name + "/"] = b""
        elif not path.is_dir():
            found[name] = b"special"
    return found
