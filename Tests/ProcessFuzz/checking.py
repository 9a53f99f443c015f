"""Runs cases, and checks what each run did."""

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np

import formats
import oracle
import rules
import samples
from cases import Case, needed
from fixture import Fixture
from running import Limits, Run, run
from scenarios import Command, Scenario


class Checker:
    def __init__(self, binary: str, fixture: Fixture, place: Path, keep: Path) -> None:
        self.binary, self.fixture, self.place, self.keep = binary, fixture, place, keep
        self.work = place / "work"
        for name in ("tmp", "home", "bin"):
            (place / name).mkdir()
        self.baselines: dict[int, tuple[Run, dict[str, bytes]]] = {}
        self.memory: dict[str, bool] = {}

    def takes_memory(self, verb: str) -> bool:
        if verb not in self.memory:
            help = subprocess.run([self.binary, "help", verb], capture_output=True).stdout
            self.memory[verb] = b"--memory" in help
        return self.memory[verb]

    def arguments(self, command: Command) -> list[str]:
        limited = self.takes_memory(command.words[0]) and "--memory" not in command.words
        # A damaged status may name any process: `cancel` sees only its own.
        alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"] if command.words[0] == "cancel" else []
        if alone and os.geteuid() != 0:
            alone[1:1] = ["--user", "--map-root-user"]
        return alone + [self.binary] + command.words + (["--memory", "400MiB"] if limited else [])

    def run(
        self,
        command: Command,
        files: dict[str, bytes],
        limits: Limits = Limits(),
        links: dict[str, str] | None = None,
    ) -> Run:
        os.chdir(self.place)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        for name, content in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, target in (links or {}).items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).symlink_to(target)
        os.chdir(self.work)
        standard_input = self.work / command.standard_input if command.standard_input else None
        if standard_input and not standard_input.is_file():
            standard_input = None
        return run(self.arguments(command), self.place, limits, standard_input)

    def baseline(self, scenario: Scenario, command: Command) -> tuple[Run, dict[str, bytes]]:
        """What the command gives for files as they were."""
        if id(command) not in self.baselines:
            files = needed(self.fixture, command, scenario.needs + [scenario.target])
            done = self.run(command, files)
            made = rules.files(self.work)
            if (done.status != 0 and command.words[0] != "cancel") or done.is_hung:
                raise SystemExit(f"collapse {' '.join(command.words)}: exit {done.status}\n{done.errors.decode()}")
            self.baselines[id(command)] = done, made
        return self.baselines[id(command)]

    def check(self, number: int, case: Case) -> tuple[str, int, list[str]]:
        """The command, its status, and the promises that it broke."""
        command, files = case.commands[0], dict(case.files)
        if case.scenario:
            _, made = self.baseline(case.scenario, command)
            if case.has_old_outputs:
                files |= {name: made[name] for name in command.outputs if name in made}
        done = self.run(command, files, case.limits, case.links)
        try:
            after = rules.files(self.work)
            found = self.problems(case, command, files, done, after)
        except Exception as error:
            found = [f"cannot check: {type(error).__name__}: {error}"]
        found += self.outside()
        if found:
            self.keep_case(number, case, command, files, done, found)
        elif repaired := self.repaired(case, files, done):
            again = replace(
                case, files=repaired, what=case.what + "; with its checksum", scenario=None, kind="state with sum"
            )
            return self.check(number, again)
        return shlex.join(command.words), done.status, found

    def repaired(self, case: Case, files: dict[str, bytes], done: Run) -> dict[str, bytes] | None:
        """The files with the right checksum of a changed state, which the error tells."""
        match = re.search(
            "the checksum “([0-9a-f]{32})”, found ([0-9a-f]{32}) for", done.errors.decode(errors="replace")
        )
        if not (case.scenario and match):
            return None
        target, (stated, right) = case.scenario.target, match.groups()
        changed = files.get(target, b"").replace(stated.encode(), right.encode())
        return files | {target: changed} if changed != files.get(target) else None

    def problems(
        self, case: Case, command: Command, files: dict[str, bytes], done: Run, after: dict[str, bytes]
    ) -> list[str]:
        found = rules.of_process(done, case.limits, command.words[0])
        if done.is_hung:
            # A lock that looks like another machine's, or like one of release 0.1.0, is watched for a minute.
            return [] if case.kind == "lock" and b"waiting to see whether" in done.errors else found
        names = [word for word in command.words[1:] if len(word) > 2] + [
            name.split("/")[-1] for name in [*files, *case.links]
        ]
        # A file that another one names is shown with its folder.
        names += ["-,", "-:", "p.yaml", f"{self.work}/"]
        found += rules.of_words(done, names, bool(command.outputs) and command.words[0] != "run")
        found += rules.of_output(done, command.words)
        before = files | {name: f"link to {target}".encode() for name, target in case.links.items()}
        found += rules.of_files(before, after, command.outputs, done, self.may_keep(case, command))
        if done.status == 0 and case.scenario and not case.links:
            # Frames repeated at the end of a compressed stream are more samples, not damage.
            if not (case.kind == "zstd" and "extend by" in case.what):
                found += self.same(case.scenario, command, done, after)
            found += oracle.of_damaged(case.scenario, command, files, self.work)
        if case.expected is not None:
            found += self.as_expected(case, command, done)
        return found

    def may_keep(self, case: Case, command: Command) -> list[str]:
        """Files that a failed run may leave or change, or any run may remove."""
        kept = []
        if command.words[0] == "run":
            kept.append("out/.*")
        if "--measure-every" in command.words:
            kept.append(r"o\.timeline\.csv")
        if case.kind == "checkpoint":
            kept.append(r"\.o\.h5\.checkpoint.*")
        if case.kind == "lock":
            kept.append(r"\.o\.h5\.lock")
        return kept

    def same(self, scenario: Scenario, command: Command, done: Run, after: dict[str, bytes]) -> list[str]:
        if scenario.result != "same" or command.words[0] == "inspect":
            return []
        run, made = self.baseline(scenario, command)
        found = []
        for name, content in made.items():
            is_output = name in command.outputs or any(
                name.startswith(output) for output in command.outputs if output.endswith("/")
            )
            if (
                is_output
                and ".collapse" not in name
                and not name.endswith("status.json")
                and after.get(name) != content
            ):
                found.append(f"{name} differs from that of the file as it was")
        if not command.outputs and run.output != done.output:
            found.append("standard output differs from that of the file as it was")
        return found

    def as_expected(self, case: Case, command: Command, done: Run) -> list[str]:
        """The results for valid samples."""
        expected = case.expected
        if done.status != 0:
            if case.may_be_refused and done.status == 65 or not len(expected.labels):
                return []
            return [f"refused valid samples: {done.errors.decode(errors='replace')[-600:]}"]
        output = command.outputs[0]
        if output == "o.csv":
            wanted = "".join(
                f"{token},{count}\n" for token, count in zip(*np.unique(expected.labels, return_counts=True))
            )
            return [] if Path(output).read_text() == "token,count\n" + wanted else ["counts differ"]
        if output.startswith("o.npy"):
            return oracle.of_written(output, expected)
        difference = samples.difference(output, expected.labels, expected.features)
        if difference or not case.compares_bytes:
            return [difference] if difference else []
        state = Path(output).read_bytes()
        plain = formats.npy(expected.labels) + formats.npy(expected.stored, "<V2" if expected.is_bfloat16 else None)
        words = ["accumulate", "plain.npy", "--output", "o.h5"] + (
            ["--within", "pooled"] if "pooled" in command.words else []
        )
        again = self.run(Command(words, ["o.h5"]), {"plain.npy": plain})
        if again.status != 0:
            return [f"refused the samples as plain NPY: {again.errors.decode(errors='replace')[-600:]}"]
        return [] if Path("o.h5").read_bytes() == state else ["the state has other bytes than that of plain NPY"]

    def outside(self) -> list[str]:
        """What was left outside the folder of the run; removed for the next case."""
        found = []
        for name in ("tmp", "home", "bin"):
            for path in (self.place / name).iterdir():
                found.append(f"left {name}/{path.name}")
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for path in self.place.iterdir():
            if path.name not in ("work", "tmp", "home", "bin", "errors", "output"):
                found.append(f"left ../{path.name}")
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        return found

    def keep_case(
        self, number: int, case: Case, command: Command, files: dict[str, bytes], done: Run, found: list[str]
    ) -> None:
        place = self.keep / f"{number}"
        shutil.rmtree(place, ignore_errors=True)
        (place / "work").mkdir(parents=True)
        for name, content in files.items():
            (place / "work" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "work" / name).write_bytes(content)
        for name, target in case.links.items():
            (place / "work" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "work" / name).symlink_to(target)
        words = shlex.join(self.arguments(command)).replace(self.binary, '"$binary"', 1)
        standard_input = f" < {command.standard_input}" if command.standard_input else " < /dev/null"
        (place / "replay.sh").write_text(
            f"#!/bin/bash\n# {case.kind}: {case.what!r}\n"
            + "".join(f"# {problem!r}\n" for problem in found)
            + 'binary=$(realpath "${1:-.build/release/collapse}")\n'
            + 'cd "$(dirname "$0")/work" && mkdir -p ../tmp ../home\n'
            + f"export TMPDIR=../tmp HOME=../home SWIFT_BACKTRACE=enable=no\n{case.limits.words}"
            + f"timeout {case.limits.seconds:.0f} {words}{standard_input}\n"
            + "echo exit $?\n"
        )
        (place / "errors").write_bytes(done.errors)
        (place / "output").write_bytes(done.output)
