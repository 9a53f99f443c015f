"""Which commands read which kind of file, what they write, and what their results must be."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    words: list[str]
    outputs: list[str]
    """What it writes; a name that ends in `/` is a folder."""
    standard_input: str | None = None


@dataclass(frozen=True)
class Scenario:
    kind: str
    target: str
    """The file that is changed."""
    form: str
    commands: list[Command]
    result: str = ""
    """What a run must give that takes the changed file. `same`: what it gives for the file as it was. `moments`: what
    NumPy or h5py compute from the changed file."""
    needs: list[str] = field(default_factory=list)
    """Files that no word of a command names."""
    weight: float = 1


def command(line: str) -> Command:
    """`words < standard input -> outputs`"""
    line, _, outputs = line.partition(" -> ")
    line, _, standard_input = line.partition(" < ")
    return Command(line.split(), outputs.split(), standard_input or None)


def scenario(kind: str, target: str, form: str, lines: list[str], **more) -> Scenario:
    """`@` in a line is the file that is changed."""
    return Scenario(kind, target, form, [command(line.replace("@", target)) for line in lines], **more)


STREAM = [
    "accumulate @ --output o.h5 -> o.h5",
    "accumulate @ --output o.h5 -> o.h5",
    "accumulate @ --within pooled --measure-every 20 --output o.h5 -> o.h5 o.timeline.csv",
    "accumulate @ --nonfinite skip --output o.h5 -> o.h5",
    "count @ --output o.csv -> o.csv",
    "count @",
    "write @ --output o.npy.zst -> o.npy.zst",
    "write @ --type float16 --output o.npy -> o.npy",
    "inspect @ --format json",
    "inspect @ --format table",
    "decide @ --moments plain.h5 --classifier w.npy --output o.h5 -> o.h5",
]
TOKENS = [
    "accumulate x.npy --tokens @ {} --output o.h5 -> o.h5",
    "count @ {} --output o.csv -> o.csv",
    "write x.npy --tokens @ {} --output o.npy -> o.npy",
]
HEAD = [
    "measure plain.h5 --classifier {} --output o.json -> o.json",
    "decide s2.npy --moments plain.h5 --classifier {} --output o.h5 -> o.h5",
]
STATE = [
    "measure @ --output o.json --classes o.csv --histograms h.csv -> o.json o.csv h.csv",
    "measure @ --format json",
    "measure @ --classes c.h5 --bands 2 --output o.json -> c.h5 o.json",
    "measure s.state --ood @ --output o.json -> o.json",
    "merge @ s.state --output o.h5 -> o.h5",
    "decide s2.npy --moments @ --output o.h5 --classifier w.npy -> o.h5",
    "inspect @ --format json",
]


def lines(templates: list[str], filling: str) -> list[str]:
    return [line.replace("{}", filling) for line in templates]


def tokens(target: str, form: str, options: str, **more) -> Scenario:
    templates = [line.replace("@", "t.h5#ids") if target == "t.h5" else line for line in TOKENS]
    return scenario("tokens", target, form, lines(templates, options), **more)


def head(target: str, form: str, reference: str, **more) -> Scenario:
    return scenario("classifier", target, form, lines(HEAD, reference), **more)


SCENARIOS = [
    scenario("npy", "s.npy", "bytes", STREAM, result="moments", weight=5),
    scenario(
        "npy", "s.npy", "bytes", ["accumulate - --output o.h5 < s.npy -> o.h5", "write - < s.npy", "inspect - < s.npy"]
    ),
    scenario("zstd", "s.npy.zst", "bytes", STREAM, weight=3),
    scenario("zstd", "sums.npy.zst", "bytes", STREAM[:1], result="same", weight=3),
    scenario("safetensors", "s.safetensors", "bytes", STREAM, result="moments", weight=3),
    scenario("hdf5", "s.h5", "hdf5", STREAM, result="moments", needs=["secret.txt", "other.h5"], weight=3),
    scenario("hdf5", "chunks.h5", "hdf5", STREAM, needs=["secret.txt", "other.h5"], weight=3),
    scenario("hdf5", "zstd.h5", "hdf5", STREAM, needs=["secret.txt", "other.h5"], weight=2),
    tokens("t.npy", "bytes", ""),
    tokens("t16.bin", "bytes", "--token-type uint16 --sequence-length 20"),
    tokens("t32.bin.zst", "bytes", "--token-type uint32 --end-of-text 3 --sequence-length 60"),
    tokens("llmc.bin", "bytes", "--sequence-length 16"),
    tokens("t.h5", "hdf5", "--sequence-lengths lengths.npy"),
    scenario(
        "tokens",
        "corpus.idx",
        "bytes",
        lines([line.replace("@", "corpus.bin") for line in TOKENS], "--sequence-lengths corpus.idx"),
        weight=2,
    ),
    scenario("tokens", "corpus.bin", "bytes", lines(TOKENS, "--sequence-lengths corpus.idx")),
    scenario(
        "tokens",
        "lengths.npy",
        "bytes",
        lines([line.replace("@", "t16.bin") for line in TOKENS], "--token-type uint16 --sequence-lengths lengths.npy"),
    ),
    scenario(
        "tokens",
        "offsets.npy",
        "bytes",
        lines([line.replace("@", "t16.bin") for line in TOKENS], "--token-type uint16 --sequence-offsets offsets.npy"),
    ),
    scenario(
        "tokens",
        "x.npy",
        "bytes",
        lines(
            ["accumulate @ --tokens t.npy --output o.h5 -> o.h5", "write @ --tokens t.npy --output o.npy -> o.npy"], ""
        ),
    ),
    head("w.npy", "bytes", "w.npy"),
    head("w.h5", "hdf5", "w.h5#head", needs=["secret.txt", "other.h5"]),
    head("w.safetensors", "bytes", "w.safetensors#lm_head.weight"),
    head("w.safetensors", "bytes", "w.safetensors"),
    head("model/a.safetensors", "bytes", "model/model.safetensors.index.json", needs=["model"]),
    head("model/model.safetensors.index.json", "json", "model/model.safetensors.index.json", needs=["model"], weight=2),
    head("tied/config.json", "json", "tied/model.safetensors", needs=["tied"]),
    scenario(
        "classifier",
        "b.npy",
        "bytes",
        ["decide s2.npy --moments plain.h5 --classifier w.npy --bias b.npy --output o.h5 -> o.h5"],
    ),
    scenario(
        "state",
        "m.h5",
        "hdf5",
        [line.replace("s.state", "m3.h5") for line in STATE],
        result="same",
        needs=["secret.txt", "other.h5"],
        weight=5,
    ),
    scenario(
        "state",
        "m2.h5",
        "hdf5",
        [line.replace("s.state", "plain.h5") for line in STATE],
        result="same",
        needs=["secret.txt", "other.h5"],
        weight=3,
    ),
    scenario(
        "decisions",
        "d.h5",
        "hdf5",
        [
            "measure m.h5 --classifier w.npy --decisions @ --classes c.csv --output o.json -> o.json c.csv",
            "merge @ d2.h5 --output o.h5 -> o.h5",
            "inspect @ --format json",
            "inspect @ --format table",
        ],
        needs=["secret.txt", "other.h5"],
        weight=4,
    ),
    scenario(
        "classes",
        "classes.csv",
        "text",
        ["report g.json --classes @ --output o.html -> o.html o_files/", "inspect @"],
        weight=1,
    ),
    scenario(
        "classes",
        "classes.h5",
        "hdf5",
        ["report h.json --classes @ --output o.html -> o.html o_files/", "inspect @", "inspect @ --format json"],
        needs=["secret.txt", "other.h5"],
        weight=1,
    ),
    scenario(
        "measurements",
        "g.json",
        "json",
        [
            "collect @ h.json --output o.csv -> o.csv",
            "collect @",
            "inspect @ --format json",
            "inspect @ --format table",
            "study @ --against tokens --property dimension",
            "collect @ ood.json --output o.csv -> o.csv",
        ],
        weight=4,
    ),
    scenario("measurements", "g.json", "json", ["report @ --output o.html -> o.html o_files/"], weight=0.7),
    scenario(
        "histograms",
        "histograms.csv",
        "text",
        ["report g.json --histograms @ --output o.html -> o.html o_files/"],
        weight=0.5,
    ),
    scenario(
        "timeline",
        "m.timeline.csv",
        "text",
        ["report g.json --timeline @ --output o.html -> o.html o_files/"],
        weight=0.5,
    ),
    scenario(
        "checkpoint",
        ".o.h5.checkpoint",
        "bytes",
        ["accumulate - --within pooled --measure-every 20000 --output o.h5 < long.npy -> o.h5 o.timeline.csv"],
        result="same",
        weight=3,
    ),
    scenario(
        "checkpoint",
        ".o.h5.checkpoint",
        "checkpoint",
        ["accumulate - --within pooled --measure-every 20000 --output o.h5 < long.npy -> o.h5 o.timeline.csv"],
        weight=4,
    ),
    scenario("status", "running/status.json", "json", ["status running", "cancel running", "cancel running"], weight=2),
    scenario(
        "status",
        "out/status.json",
        "json",
        ["status out", "status out --format json", "status out/status.json"],
        weight=2,
    ),
    scenario("jobs", "jobs/slurm/jobs.json", "json", ["status jobs"], weight=1),
    scenario(
        "plan",
        "plan.json",
        "json",
        [
            "run plan.json -> out/",
            "run plan.json --only moments -> out/",
            "validate plan.json",
            "graph plan.json",
        ],
        needs=["s.npy", "w.npy"],
        weight=3,
    ),
    scenario(
        "record",
        "out/.collapse/moments.h5.json",
        "json",
        ["run p.yaml -> out/"],
        result="same",
        needs=["s.npy", "w.npy", "out"],
        weight=2,
    ),
    scenario(
        "record",
        "out/.collapse/geometry.json.json",
        "json",
        ["run p.yaml -> out/"],
        needs=["s.npy", "w.npy", "out"],
        weight=1,
    ),
    scenario("lock", ".o.h5.lock", "json", ["accumulate s.npy --output o.h5 -> o.h5"], result="same", weight=1),
    scenario("lock", ".o.h5.lock", "bytes", ["accumulate s.npy --output o.h5 -> o.h5"], result="same", weight=1),
    scenario(
        "tokenizer",
        "tokenizer.json",
        "json",
        [
            "measure m.h5 --types --tokenizer @ --classes c.csv --output o.json -> o.json c.csv",
            "measure m.h5 --tokenizer @ --classes c.h5 --output o.json -> o.json c.h5",
            "run relabel.yaml -> out/",
        ],
        needs=["s.npy", "drop.txt", "map.csv"],
        weight=3,
    ),
    scenario(
        "tokenizer",
        "pieces/tokenizer.json",
        "json",
        [
            "measure m.h5 --types --tokenizer pieces --classes c.csv --output o.json -> o.json c.csv",
        ],
        needs=["pieces"],
        weight=1,
    ),
    scenario("tokens list", "list.txt", "text", ["measure m.h5 --tokens @ --output o.json -> o.json"], weight=2),
    scenario(
        "tokens list", "drop.txt", "text", ["run relabel.yaml -> out/"], needs=["s.npy", "tokenizer.json", "map.csv"]
    ),
    scenario(
        "tokens list",
        "map.csv",
        "text",
        ["run relabel.yaml -> out/"],
        needs=["s.npy", "tokenizer.json", "drop.txt"],
        weight=2,
    ),
    scenario(
        "study",
        "table.csv",
        "text",
        [
            "study @ --property nc --permutations 20 --bootstrap 10 --output o.json --csv o.csv --latex o.tex"
            " -> o.json o.csv o.tex",
            "study @ --property nc/other --by width --given seed --permutations 20 --bootstrap 10 --format table",
            "study @ --metadata meta.csv --property nc --permutations 20 --bootstrap 10 --format csv",
        ],
        weight=3,
    ),
    scenario(
        "study",
        "table.jsonl",
        "text",
        ["study @ --property nc --permutations 20 --bootstrap 10 --output o.json -> o.json"],
        weight=2,
    ),
    scenario(
        "study",
        "meta.csv",
        "text",
        ["study table.csv --metadata @ --property nc --permutations 20 --bootstrap 10 --output o.json -> o.json"],
    ),
    scenario("study", "study.json", "json", ["report @ --output o.html -> o.html o_files/"], weight=0.5),
    scenario(
        "pipeline",
        "p.yaml",
        "text",
        [
            "validate @",
            "graph @",
            "graph @ --format dot",
            "graph @ --format mermaid",
            "run @ --dry-run",
            "run @ -> out/",
            "run @ -> out/",
        ],
        needs=["s.npy", "w.npy"],
        weight=4,
    ),
    scenario(
        "pipeline",
        "shards.yaml",
        "text",
        ["validate @", "run @ --dry-run", "run @ -> out/"],
        needs=["s.npy", "s2.npy"],
        weight=2,
    ),
    scenario(
        "pipeline",
        "relabel.yaml",
        "text",
        ["validate @", "run @ -> out/"],
        needs=["s.npy", "tokenizer.json", "drop.txt", "map.csv"],
        weight=2,
    ),
]

OPTIONS = [
    (
        "accumulate s.npy --output o.h5 -> o.h5",
        [
            "--threads",
            "--memory",
            "--vocabulary",
            "--measure-every",
            "--checkpoint",
            "--rows",
            "--io-rate",
            "--nice",
            "--log-interval",
            "--ionice",
        ],
    ),
    (
        "accumulate x.npy --tokens t16.bin --token-type uint16 --output o.h5 -> o.h5",
        ["--sequence-length", "--end-of-text", "--ignore", "--every-sequence", "--sequence-lengths"],
    ),
    ("write s.npy --output o.npy.zst -> o.npy.zst", ["--batch", "--level", "--threads", "--rows", "--type"]),
    (
        "measure m.h5 --output o.json -> o.json",
        ["--min-count", "--max-count", "--bands", "--pairs", "--seed", "--threads", "--tokens"],
    ),
    (
        "study table.csv --property nc --output o.json -> o.json",
        ["--permutations", "--bootstrap", "--seed", "--threads", "--where", "--by", "--given", "--rows"],
    ),
    (
        "count t16.bin --token-type uint16 --output o.csv -> o.csv",
        ["--sequence-length", "--threads", "--end-of-text", "--ignore", "--every-sequence"],
    ),
    ("merge m2.h5 plain.h5 --output o.h5 -> o.h5", ["--memory", "--threads", "--io-rate"]),
    (
        "decide s.npy --moments m.h5 --classifier w.npy --output o.h5 -> o.h5",
        ["--memory", "--threads", "--classifier-rows", "--bias", "--rows"],
    ),
    ("bench --rows 100 --dimension 4 --repeats 1 --format json", ["--rows", "--dimension", "--threads"]),
]
"""Commands whose options get extreme values."""
VALUES = [
    "0",
    "-1",
    "1",
    "3",
    "1e3",
    "1e19",
    "9223372036854775807",
    "4611686018427387904",
    "NaN",
    "inf",
    "",
    "x",
    "1KiB",
    "20MiB",
    "0s",
    "1e-300s",
]
VALUES += [
    "0-0",
    "5-2",
    "0-9223372036854775807",
    "\u202e",
    "none",
    "16EiB",
    "1e308GiB",
    "0.5",
    "a,b,c",
    "width >= 1e999",
    "((((1",
    "nc" + "+nc" * 500,
]
