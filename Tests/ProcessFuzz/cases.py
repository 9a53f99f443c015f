"""Makes cases from numbers: the same seed and number give the same files and commands on every machine."""

import random as randoms
from dataclasses import dataclass, field, replace

import numpy as np

import mutations
import samples
from fixture import Fixture
from running import Limits
from scenarios import OPTIONS, SCENARIOS, VALUES, Command, Scenario, command


@dataclass
class Case:
    kind: str
    what: str
    """What was done to the input."""
    files: dict[str, bytes]
    commands: list[Command]
    links: dict[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    scenario: Scenario | None = None
    has_old_outputs: bool = False
    expected: samples.Samples | None = None
    """The samples that a run must find; only the structure of their files was varied."""
    may_be_refused: bool = False
    compares_bytes: bool = False
    """Whether the state must have the bytes that plain NPY gives."""


def case(seed: int, number: int, fixture: Fixture, kinds: list[str], skipped: list[str]) -> Case:
    random, numbers = randoms.Random(f"{seed}/{number}"), np.random.default_rng([seed, number])
    total = sum(scenario.weight for scenario in SCENARIOS)
    # A third are valid samples, and a twentieth options.
    ways = [
        ("structure", total / 2, lambda: structure(random, numbers)),
        ("options", total / 13, lambda: option(random, fixture)),
    ]
    ways += [(each.kind, each.weight, lambda each=each: damage(random, fixture, each)) for each in SCENARIOS]
    ways = [way for way in ways if (not kinds or way[0] in kinds) and way[0] not in skipped]
    return random.choices([make for _, _, make in ways], [weight for _, weight, _ in ways])[0]()


def structure(random, numbers: np.random.Generator) -> Case:
    """Samples in some container, which is valid."""
    made = samples.samples(random, numbers)
    kind = random.choice(["npy", "npy", "safetensors", "hdf5", "hdf5", "apart"])
    if kind == "apart":
        container, made = samples.apart(random, made)
    else:
        container = {"npy": samples.in_npy, "safetensors": samples.in_safetensors, "hdf5": samples.in_hdf5}[kind](
            random, made
        )
    words = " ".join(container.arguments)
    within = random.choice(["", "", " --within pooled", " --measure-every 10"])
    verbs = [f"accumulate {words}{within} --output o.h5 -> o.h5" + (" o.timeline.csv" if "every" in within else "")]
    if random.random() < 0.3:
        verbs = [
            random.choice(
                [f"write {words} --output o.npy -> o.npy", f"write {words} --batch 7 --output o.npy.zst -> o.npy.zst"]
            )
        ]
    elif random.random() < 0.15 and kind != "apart":
        verbs = [f"count {words} --output o.csv -> o.csv"]
    commands = [replace(command(verb), standard_input=container.standard_input) for verb in verbs]
    return Case(
        "structure",
        ", ".join(container.what),
        container.files,
        commands,
        expected=made,
        may_be_refused=container.may_be_refused,
        compares_bytes=verbs[0].startswith("accumulate") and random.random() < 0.4,
    )


def option(random, fixture: Fixture) -> Case:
    """Extreme values of options."""
    line, options = random.choice(OPTIONS)
    base, extra = command(line), []
    for name in random.sample(options, random.choice([1, 1, 2])):
        extra += [name, random.choice(VALUES)]
    timeline = ["o.timeline.csv"] if "--measure-every" in extra else []
    made = replace(base, words=base.words + extra, outputs=base.outputs + timeline)
    return Case("options", " ".join(extra)[:200], needed(fixture, made, []), [made])


def damage(random, fixture: Fixture, scenario: Scenario) -> Case:
    """One input of a command is changed."""
    chosen = random.choice(scenario.commands)
    files = needed(fixture, chosen, scenario.needs + [scenario.target])
    original, links = files[scenario.target], {}
    others = [fixture.files[other.target] for other in random.sample(SCENARIOS, 5)] + [original]
    if random.random() < 0.015:
        del files[scenario.target]
        target = random.choice(["nowhere", scenario.target.split("/")[-1], ".", "/dev/null"])
        links, what = {scenario.target: target}, f"a link to {target}"
    else:
        files[scenario.target], what = mutations.mutate(random, original, scenario.form, others)
    limits = Limits()
    kind = random.random()
    if kind < 0.02:
        limits = replace(limits, descriptors=random.choice([5, 8, 12, 16, 20, 24, 32]))
    elif kind < 0.03:
        limits = replace(limits, file_bytes=random.choice([3072, 8192]))
    elif kind < 0.04:
        limits = replace(limits, address_bytes=random.choice([150, 250, 300, 400, 600, 1000]) << 20)
    what = f"{scenario.target}: {what}" + (f" ({limits.words.strip()})" if limits.is_tight else "")
    return Case(scenario.kind, what, files, [chosen], links, limits, scenario, has_old_outputs=random.random() < 0.2)


def needed(fixture: Fixture, command: Command, more: list[str]) -> dict[str, bytes]:
    """The files that a command names, and those below a folder that it names."""
    words = {word.split("#")[0] for word in command.words} | {command.standard_input or ""} | set(more)
    folders = tuple(f"{word}/" for word in words if word)
    found = {name: content for name, content in fixture.files.items() if name in words or name.startswith(folders)}
    return {name: content for name, content in found.items() if name not in command.outputs}
