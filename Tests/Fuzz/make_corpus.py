"""Makes the seeds of the fuzz targets: small valid inputs. For `pipeline` they are small versions of files that once took
minutes, in addition to the files of Pipelines.

    pip install numpy zstandard safetensors h5py && COLLAPSE=../../.build/debug/collapse python make_corpus.py
"""

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import zstandard
from safetensors.numpy import save

# Runs `collapse`, by its absolute path, to make what runs leave.
collapse = shutil.which(os.environ.get("COLLAPSE", "collapse"))
if collapse is None:
    sys.exit("put collapse on the path, or name it in COLLAPSE")
collapse = os.path.abspath(collapse)
os.chdir(Path(__file__).resolve().parent)
random = np.random.default_rng(3)


def seed(target: str, name: str, content: bytes) -> None:
    Path("Corpus", target).mkdir(parents=True, exist_ok=True)
    Path("Corpus", target, name).write_bytes(content)


def npy(*arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    for array in arrays:
        np.save(file, array)
    return file.getvalue()


labels = random.integers(0, 9, 6).astype(np.int32)
features = random.standard_normal((6, 3))
stream = npy(labels, features.astype(np.float16))
seed("npy", "float16", stream)
seed("npy", "predictions", npy(labels.astype(np.uint8), labels.astype(np.int64), features.astype(">f4")))
seed("npy", "batches", npy(labels, features, labels[:2], features[:2], labels[:0], features[:0]))
seed("npy", "column-major", npy(labels, np.asfortranarray(features)))

compress = zstandard.ZstdCompressor(write_checksum=True).compress
seed("zstd", "frame", compress(stream))
seed("zstd", "frames", compress(stream[:100]) + compress(stream[100:]))
seed("zstd", "skippable", struct.pack("<II", 0x184D2A50, 4) + b"abcd" + compress(stream))
streaming = zstandard.ZstdCompressor().compressobj()
seed("zstd", "unknown-size", streaming.compress(stream) + streaming.flush())

seed("safetensors", "stream", save({"labels": labels, "features": features.astype(np.float32)}))
seed("safetensors", "groups", save({"0.labels": labels, "0.features": features, "1.labels": labels, "1.features": features}))

chunk = random.integers(0, 4, 960).astype(np.uint8).tobytes()
shuffled = np.frombuffer(chunk, np.uint8).reshape(-1, 3).T.tobytes()
seed("hdf5", "deflate", bytes([1]) + zlib.compress(chunk))
seed("hdf5", "shuffle-deflate", bytes([4]) + zlib.compress(shuffled))
seed("hdf5", "zstd", bytes([2]) + compress(chunk))
seed("hdf5", "lzf-literals", bytes([0]) + b"".join(bytes([31]) + chunk[i : i + 32] for i in range(0, 960, 32)))
seed("hdf5", "plain", bytes([8]) + chunk)

ids = random.integers(100, 200, 10)
llmc = np.zeros(256, np.int32)
for name, magic, version, dtype in (("llmc-gpt2", 20240520, 1, np.uint16), ("llmc-llama3", 20240801, 7, np.uint32)):
    llmc[:3] = magic, version, len(ids)
    seed("headers", name, bytes(2) + llmc.tobytes() + ids.astype(dtype).tobytes())
index = b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 8, 3, 4) + struct.pack("<3i3q4q", 4, 0, 6, 0, 8, 8, 0, 1, 2, 3)
seed("headers", "megatron", struct.pack("<H", len(index)) + index + ids.astype(np.uint16).tobytes())

header = [("format", "collapse-moments"), ("format_version", 1), ("tool", "collapse 0.1.0"), ("made_by", "accumulate")]
header += [("dimension", 2), ("vocabulary", 8), ("vocabulary_given", 0), ("classes", 2), ("samples", 7)]
header += [("skipped_nonfinite", 0), ("features", "float32"), ("within", "none"), ("parts", 1)]
header += [("samples_digest", "0" * 32), ("checksum", "0" * 32)]
seed("attributes", "state", "".join(f"{name}={value}\n" for name, value in header).encode())
seed("attributes", "decisions", b"format=collapse-decisions\nformat_version=1\nother_pairs=0\nsamples=7\nmoments_checksum=0\n")

tokens = npy(np.arange(10, dtype=np.int32))
seed("tokens", "lengths", bytes([len(tokens)]) + tokens + npy(np.array([4, 0, 6])))
rows = npy(np.arange(10, dtype=np.uint16).reshape(2, 5))
seed("tokens", "rows", bytes([len(rows)]) + rows + npy(np.array([10], np.uint8)))
seed("tokens", "raw", bytes([20]) + np.arange(10, dtype=np.uint16).tobytes() + npy(np.array([3, 7])))

circle = "parameters: { a: '${b}', b: '${c}', c: '${a}' }\nstages:\n  m: { uses: merge, states: [n, x] }\n"
seed("pipeline", "circles", (circle + "  n: { uses: merge, states: m }\n").encode())


def lists(count: int) -> str:
    return "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}' if i else 'a'] * 10)}]\n" for i in range(count))


def chain(count: int, kind: str, option: str) -> str:
    return "stages:\n" + "".join(f"  s{i}: {{ uses: {kind}, {option}: s{i + 1} }}\n" for i in range(count))


unknown = ", ".join(f"'${{q{i}}}'" for i in range(150))
seed("pipeline", "list-as-key", (lists(9) + "? *x8\n: y\nstages: {}\n").encode())
seed("pipeline", "list-of-lists", (lists(9) + "stages: { a: { uses: *x8, files: *x8 } }\n").encode())
seed("pipeline", "long-stream", (chain(120, "filter", "from") + "  s120: { uses: read, files: x.npy }\n").encode())
seed("pipeline", "long-chain", (chain(120, "merge", "states") + "  s120: { uses: merge, states: s0 }\n").encode())
seed("pipeline", "unknown-parameters", f"parameters: {{ q: 1 }}\nstages: {{ a: {{ uses: read, files: [{unknown}] }} }}\n".encode())
seed("pipeline", "unknown-keys", ("stages:\n  a:\n    uses: read\n" + "".join(f"    file{i}: x\n" for i in range(150))).encode())


def run(*arguments: str) -> None:
    subprocess.run([collapse, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def interrupted(name: str, *arguments: str) -> None:
    """Seeds the checkpoint of a run that waits for a pipe after its first block and is then ended. The target adds the
    checksum."""
    process = subprocess.Popen([collapse, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pipe = os.open("pipe", os.O_WRONLY)
    time.sleep(1)
    process.terminate()
    process.wait()
    os.close(pipe)
    [file] = Path().glob("**/.*.h5.checkpoint")
    content = file.read_bytes()
    file.unlink()
    seeds[f"checkpoint/{name}"] = content[:-32]


# What runs leave, made by `collapse` itself. The checkpoints belong to the stream of `FuzzTarget.stream`.
seeds: dict[str, bytes] = {}
corpus = Path.cwd()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    rows = np.arange(80_000)
    features = (rows[:, None] % 97 * [1, 2, 3]).astype(np.float32)
    Path("stream.npy").write_bytes(npy((rows % 5).astype(np.int32), features))
    Path("few.npy").write_bytes(npy((rows[:50] % 5).astype(np.int32), features[:50]))
    np.save("head.npy", np.eye(5, 3, dtype=np.float32))
    os.mkfifo("pipe")
    Path("p.yaml").write_text("""
name: all
parameters: { first: few.npy, more: few.npy, out: out }
stages:
  train: { uses: read, files: ["${first}", "${more}"] }
  some: { uses: filter, from: train, first: 60000, drop: [3] }
  moments: { uses: accumulate, from: train, within: pooled, slurm: { time: 2h, memory: 4GiB } }
  fewer: { uses: accumulate, from: some }
  geometry: { uses: measure, moments: moments, classes: "${out}/classes.csv", classifier: head.npy }
  table: { uses: collect, measures: geometry }
slurm: { partition: gpu, throttle: 2 }
""")
    run("run", "p.yaml")
    interrupted("accumulate", "accumulate", "stream.npy", "pipe", "--output", "m.h5", "--within", "pooled")
    interrupted("diagonal", "accumulate", "stream.npy", "pipe", "--output", "m.h5", "--moments", "diagonal")
    interrupted("timeline", "accumulate", "stream.npy", "pipe", "--output", "m.h5", "--measure-every", "10000")
    interrupted(
        "decide", "decide", "stream.npy", "pipe", "--moments", "out/moments.h5", "--classifier", "head.npy",
        "--output", "d.h5")
    interrupted("filter", "run", "p.yaml", "--set", "first=stream.npy", "--set", "more=pipe", "--set", "out=other",
                "--only", "fewer")
    status = json.loads(Path("out/status.json").read_text())
    status["owner"] |= {"host": "node", "boot": "0", "namespace": "pid:[1]", "pid": 4711, "start": 1, "user": "ada"}
    seeds["status/done"] = json.dumps(status).encode()
    status |= {"state": "running", "stall": "no bytes for 9 s from -, after 0 bytes", "error": None}
    status["stages"][0] |= {"state": "running", "done": 500}
    seeds["status/running"] = json.dumps(status).encode()
    Path("few2.npy").write_bytes(Path("few.npy").read_bytes())
    Path("q.yaml").write_text("""
parameters: { out: out }
stages:
  train: { uses: read, files: "few*.npy" }
  moments: { uses: accumulate, from: train, shard-files: 1, matrix: { within: [none, pooled] }, "within": "${within}" }
""")
    for pipeline in ("p", "q"):
        # It stops before the first job, because there is no sbatch on the path.
        subprocess.run([collapse, "run", f"{pipeline}.yaml", "--executor", "slurm", "--set", f"out={pipeline}"],
                       env=os.environ | {"PATH": ""}, check=False)
        plan = json.dumps(json.loads(Path(f"{pipeline}/slurm/plan.json").read_text()))
        for name in ("few.npy", "few2.npy", "head.npy"):
            plan = plan.replace(f'"{name}"', f'"IN/{name}"')
        seeds[f"plan/{pipeline}"] = plan.encode()
    jobs = json.loads(Path("p/slurm/jobs.json").read_text())
    jobs["jobs"][0]["id"] = "17"
    seeds["status/jobs"] = seeds["status/running"] + b"\0" + json.dumps(jobs).encode()
    seeds["measures/geometry"] = Path("out/geometry.json").read_bytes()
    seeds["measures/few"] = b'{"tokens": 7, "classes": 2, "nc1_cdnv": {"mean": 0.5, "std": null}, "bands": [{"tokens": 3}]}'
    seeds["classes/table"] = Path("out/classes.csv").read_bytes()
os.chdir(corpus)
for name, content in seeds.items():
    seed(*name.split("/"), content)
seed("classes", "few", b'token,count,text\n3,5,"a ""b"", c"\n7,2,\n')
seed("classes", "hdf5", b"hdf5\n@format=collapse-classes\n@parts=2\ntoken i 3,7\ncount j 5,2\nnorm f 0.5,nan\ntext t a,b\n")
for name, flags in (("plain", 0), ("low-parts", 1), ("scatter", 3), ("diagonal", 4)):
    numbers = struct.pack("<qq2i2q", 8, 7, 3, 7, 2, 5) + np.array([0.5, 1, 2, -3, 4, 0.25]).tobytes()
    numbers += bytes(32 * (flags & 1)) + np.array([1.0, 3, 0.25, 0]).tobytes()[: 8 * (flags & 4)] + np.eye(2).tobytes()[: 16 * (flags & 2)]
    seed("state", name, bytes([flags, 1, 1]) + numbers)
