"""Runs one command under limits, and measures it."""

import os
import resource
import select
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    seconds: float = 20
    descriptors: int = 1024
    file_bytes: int = 1 << 28
    address_bytes: int | None = None

    @property
    def words(self) -> str:
        """The commands that set these limits in a shell."""
        address = "" if self.address_bytes is None else f" -v {self.address_bytes >> 10}"
        return f"ulimit -n {self.descriptors} -f {self.file_bytes >> 10}{address}; "

    @property
    def is_tight(self) -> bool:
        return replace(self, seconds=20) != Limits()


@dataclass
class Run:
    status: int
    """The exit status; negative for the signal that ended it."""
    seconds: float
    peak_kibibytes: int
    output: bytes
    errors: bytes
    is_hung: bool


def run(arguments: list[str], place: Path, limits: Limits = Limits(), standard_input: Path | None = None) -> Run:
    """Runs a command in the working folder, `place/work`, with `TMPDIR` and `HOME` beside it."""
    said, output = str(place / "errors"), str(place / "output")
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    environment = {"PATH": f"{place}/bin:{os.environ['PATH']}", "TMPDIR": f"{place}/tmp", "HOME": f"{place}/home"}
    environment |= {"SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    set_limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    set_limit(resource.RLIMIT_CORE, 0)
    set_limit(resource.RLIMIT_NOFILE, limits.descriptors)
    start = time.monotonic()
    words = arguments
    if limits.address_bytes is not None:
        words = ["prlimit", f"--as={limits.address_bytes}"] + arguments
    process = os.posix_spawnp(
        words[0],
        words,
        environment,
        setpgroup=0,
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ],
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, str(standard_input or "/dev/null"), os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, writing, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, said, writing, 0o600),
        ],
    )
    set_limit(resource.RLIMIT_NOFILE, Limits.descriptors)
    set_limit(resource.RLIMIT_FSIZE, None)
    handle = os.pidfd_open(process)
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    is_hung = not waiting.poll(limits.seconds * 1000)
    if is_hung:
        os.killpg(process, signal.SIGKILL)
    os.close(handle)
    _, status, usage = os.wait4(process, 0)
    return Run(
        os.waitstatus_to_exitcode(status),
        time.monotonic() - start,
        usage.ru_maxrss,
        Path(output).read_bytes(),
        Path(said).read_bytes(),
        is_hung,
    )


def set_limit(kind: int, value: int | None) -> None:
    """Sets a soft limit; None for the hard one."""
    hard = resource.getrlimit(kind)[1]
    if value is None or hard != resource.RLIM_INFINITY and value > hard:
        value = hard
    resource.setrlimit(kind, (value, hard))
