"""Small valid files of every kind, most of them made by `collapse` itself."""

import json
import os
import random as randoms
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np

import formats

CLASSES, DIMENSION, ROWS = 12, 4, 60

PIPELINE = """name: p
parameters: { out: out }
stages:
  train: { uses: read, files: s.npy }
  words: { uses: filter, from: train, drop: [0-1], first: 50 }
  moments: { uses: accumulate, from: train, within: pooled }
  kept: { uses: accumulate, from: words }
  geometry: { uses: measure, moments: moments, classifier: w.npy, classes: "${out}/classes.csv" }
  table: { uses: collect, measures: geometry }
"""
SHARDS = """parameters: { out: out }
stages:
  train: { uses: read, files: ["s.npy", "s2.npy"] }
  moments: { uses: accumulate, from: train, shard-files: 1 }
  both: { matrix: { t: [float32, float64] }, uses: write, from: train, type: "${t}", output: "${out}/${t}.npy" }
"""
RELABEL = """parameters: { out: out }
stages:
  train: { uses: read, files: s.npy }
  words: { uses: filter, from: train, drop: drop.txt, drop-special: true, tokenizer: tokenizer.json }
  classes: { uses: relabel, from: words, classes: map.csv }
  moments: { uses: accumulate, from: classes }
"""


class Fixture:
    """The bytes of valid files, by name."""

    def __init__(self, binary: str, place: Path) -> None:
        self.binary, self.place, self.files = binary, place, {}
        self.numbers, self.random = np.random.default_rng(7), randoms.Random(7)
        place.mkdir()
        self.streams()
        self.tokens()
        self.heads()
        self.texts()
        self.artefacts()
        self.interrupted()
        self.plans()
        shutil.rmtree(place)

    def put(self, name: str, content: bytes | str) -> None:
        content = content.encode() if isinstance(content, str) else content
        self.files[name] = content
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def collapse(self, arguments: str) -> None:
        done = subprocess.run([self.binary] + arguments.split(), cwd=self.place, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"collapse {arguments}: exit {done.returncode}\n{done.stderr.decode()}")

    def take(self, *names: str) -> None:
        for name in names:
            self.files[name] = (self.place / name).read_bytes()

    def streams(self) -> None:
        labels = self.numbers.integers(0, CLASSES, ROWS).astype("<i4")
        features = (self.numbers.standard_normal((CLASSES, DIMENSION))[labels] * 3).astype("<f4")
        features += self.numbers.standard_normal(features.shape).astype("<f4")
        arrays = [labels[:40], labels[:40], features[:40], labels[40:], labels[40:], features[40:]]
        stream = b"".join(formats.npy(array) for array in arrays)
        self.put("s.npy", stream)
        self.put("s2.npy", formats.npy(labels[:9]) + formats.npy(features[:9]))
        self.put(
            "s.npy.zst",
            formats.compressed(stream[:700]) + formats.skippable(self.random) + formats.compressed(stream[700:]),
        )
        self.put("sums.npy.zst", formats.checked_frames(stream))
        tensors = {"labels": ("I32", labels), "features": ("F32", features)}
        self.put("s.safetensors", formats.safetensors(tensors, metadata={"format": "pt"}))

        def contiguous(file) -> None:
            file["labels"], file["features"] = labels, features

        self.put("s.h5", formats.hdf5(contiguous))

        def chunks(file) -> None:
            group = file.create_group("a")
            group.create_dataset("labels", data=labels, chunks=(16,), compression="gzip", shuffle=True)
            group.create_dataset(
                "features", data=features, chunks=(16, 3), compression="gzip", shuffle=True, fletcher32=True
            )

        self.put("chunks.h5", formats.hdf5(chunks, libver="v110"))

        def packed(file) -> None:
            formats.zstd_dataset(file, "labels", labels, (16,))
            formats.zstd_dataset(file, "features", features, (16, 4))

        self.put("zstd.h5", formats.hdf5(packed))
        self.features, self.labels = features, labels

    def tokens(self) -> None:
        ids = self.labels
        self.put("x.npy", formats.npy(self.features))
        self.put("t.npy", formats.npy(ids.reshape(6, 10)))
        self.put("t16.bin", ids.astype("<u2").tobytes())
        self.put("t32.bin.zst", formats.compressed(ids.astype("<u4").tobytes()))
        self.put("llmc.bin", formats.llmc(ids.astype("<u2")))
        self.put("corpus.bin", ids.astype("<u2").tobytes())
        self.put("corpus.idx", formats.megatron_index([20, 0, 15, 25], np.dtype("<u2")))
        self.put("lengths.npy", formats.npy(np.array([20, 0, 15, 25])))
        self.put("offsets.npy", formats.npy(np.array([0, 20, 35, 60], "<i4")))
        self.put("t.h5", formats.hdf5(lambda file: file.create_dataset("ids", data=ids)))

    def heads(self) -> None:
        weight = self.numbers.standard_normal((CLASSES, DIMENSION)).astype("<f4")
        bias = self.numbers.standard_normal(CLASSES).astype("<f4")
        self.put("w.npy", formats.npy(weight))
        self.put("b.npy", formats.npy(bias))
        self.put("w.h5", formats.hdf5(lambda file: file.create_dataset("head", data=weight)))
        embedding = {"transformer.wte.weight": ("F32", weight + 1), "lm_head.weight": ("F32", weight)}
        self.put("w.safetensors", formats.safetensors(embedding))
        self.put("model/a.safetensors", formats.safetensors({"lm_head.weight": ("F32", weight)}))
        self.put("model/b.safetensors", formats.safetensors({"model.embed_tokens.weight": ("F32", weight + 1)}))
        index = {
            "metadata": {"total_size": 384},
            "weight_map": {"lm_head.weight": "a.safetensors", "model.embed_tokens.weight": "b.safetensors"},
        }
        self.put("model/model.safetensors.index.json", json.dumps(index, indent=2))
        self.put("model/config.json", json.dumps({"vocab_size": CLASSES, "tie_word_embeddings": False}))
        self.put("tied/model.safetensors", formats.safetensors({"transformer.wte.weight": ("F32", weight)}))
        self.put("tied/config.json", json.dumps({"vocab_size": CLASSES, "tie_word_embeddings": True}))

    def texts(self) -> None:
        words = ["<|end|>", "Ġthe", "Ġand", "ing", ",", ".", "a", "b", "Ċ", "Ġ", "é", "Ġof"]
        tokenizer = {
            "version": "1.0",
            "added_tokens": [{"id": 0, "content": "<|end|>", "special": True}],
            "normalizer": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
            "decoder": {"type": "ByteLevel"},
            "model": {"type": "BPE", "vocab": {word: id for id, word in enumerate(words)}, "merges": []},
        }
        self.put("tokenizer.json", json.dumps(tokenizer, indent=1, ensure_ascii=False))
        pieces = {
            "added_tokens": [{"id": 0, "content": "<s>", "special": True}],
            "decoder": {
                "type": "Sequence",
                "decoders": [
                    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                    {"type": "ByteFallback"},
                ],
            },
            "model": {
                "type": "Unigram",
                "unk_id": 0,
                "vocab": [["<s>", 0.0], ["<0x0A>", 0.0]] + [[f"▁w{n}", -1.5] for n in range(10)],
            },
        }
        self.put("pieces/tokenizer.json", json.dumps(pieces, ensure_ascii=False))
        self.put("list.txt", "# frequent\n1\n2\n3 # three\n5\n7\n8\n9\n")
        self.put("drop.txt", "1\n4\n")
        self.put("map.csv", "token,class\n0,0\n2,1\n3,1\n5,2\n6,2\n7,3\n8,3\n9,4\n10,4\n11,4\n")
        rows = [
            f"m{n},{64 * (n % 3 + 1)},{n % 2},{0.1 * n + 1:.3f},{2 - 0.1 * n + 0.01 * (n * 7 % 5):.3f},{n * n % 7}"
            for n in range(10)
        ]
        self.put("table.csv", "model,width,seed,nc,val_loss,other\n" + "\n".join(rows) + "\n")
        cells = [row.split(",") for row in rows]
        lines = [
            json.dumps({"model": c[0], "nc": float(c[3]), "val_loss": float(c[4]), "width": int(c[1])}) for c in cells
        ]
        self.put("table.jsonl", "\n".join(lines) + "\n")
        self.put(
            "meta.csv", "model;n_params;group\n" + "".join(f"m{n};{n * 100 + 5};{'ab'[n % 2]}\n" for n in range(10))
        )
        self.put("p.yaml", PIPELINE)
        self.put("shards.yaml", SHARDS)
        self.put("relabel.yaml", RELABEL)
        self.put("secret.txt", "a line of another file, of some length\n")
        self.put("other.h5", formats.hdf5(lambda file: file.create_dataset("classes/token", data=np.arange(3))))

    def artefacts(self) -> None:
        self.collapse("accumulate s.npy --within pooled --measure-every 20 --output m.h5")
        self.collapse("accumulate s2.npy --output m2.h5")
        self.collapse("accumulate s2.npy --within pooled --output m3.h5")
        self.collapse("accumulate s.npy --output plain.h5")
        self.collapse("decide s.npy --moments m.h5 --classifier w.npy --output d.h5")
        self.collapse("decide s2.npy --moments m.h5 --classifier w.npy --output d2.h5")
        self.collapse(
            "measure m.h5 --classifier w.npy --decisions d.h5 --tokenizer tokenizer.json --types --bands 3 "
            "--histograms histograms.csv --classes classes.csv --output g.json"
        )
        self.collapse("measure m.h5 --classifier w.npy --decisions d.h5 --classes classes.h5 --output h.json")
        self.collapse("measure m.h5 --ood plain.h5 --output ood.json")
        self.collapse("study table.csv --property nc --permutations 100 --bootstrap 50 --output study.json")
        self.collapse("count s.npy --output counts.csv")
        self.take(
            "m.h5",
            "m2.h5",
            "m3.h5",
            "plain.h5",
            "d.h5",
            "d2.h5",
            "g.json",
            "h.json",
            "ood.json",
            "study.json",
            "counts.csv",
        )
        self.take("m.timeline.csv", "histograms.csv", "classes.csv", "classes.h5")

    def interrupted(self) -> None:
        """The checkpoint of a run that was interrupted, and the lock of one that was killed."""
        # More than a block of rows, twice.
        labels, features = (
            np.resize(self.labels, 33_000).astype("u1"),
            np.resize(self.features, (33_000, 1)).astype("<f2"),
        )
        stream = formats.npy(labels) + formats.npy(features)
        self.put("long.npy", stream * 2)
        words = [self.binary, "accumulate", "-", "--within", "pooled", "--measure-every", "20000", "--output", "o.h5"]
        for end in (signal.SIGKILL, signal.SIGTERM):
            with subprocess.Popen(
                words, cwd=self.place, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ) as process:
                process.stdin.write(self.files["long.npy"][:-20])
                process.stdin.flush()
                for line in process.stderr:
                    if b"labels are" in line:
                        break
                time.sleep(0.3)
                process.send_signal(end)
                process.wait()
            self.take(".o.h5.checkpoint" if end == signal.SIGTERM else ".o.h5.lock")

    def plans(self) -> None:
        """The records and the status of a pipeline, and the plan of its jobs."""
        self.collapse("run p.yaml")
        for path in sorted((self.place / "out").rglob("*")):
            if path.is_file():
                self.take(str(path.relative_to(self.place)))
        shutil.rmtree(self.place / "out")
        status = json.loads(self.files["out/status.json"])
        self.files["running/status.json"] = json.dumps(status | {"state": "running"}, indent=1).encode()
        commands = self.place / "bin"
        commands.mkdir()
        for name, line in (("sbatch", "echo 1"), ("squeue", ":"), ("scancel", ":")):
            (commands / name).write_text(f"#!/bin/sh\n{line}\n")
            (commands / name).chmod(0o755)
        environment = os.environ | {"PATH": f"{commands}:{os.environ['PATH']}"}
        words = [self.binary, "run", "p.yaml", "--executor", "slurm", "--detach"]
        subprocess.run(words, cwd=self.place, env=environment, capture_output=True, check=True)
        self.files["plan.json"] = (self.place / "out/slurm/plan.json").read_bytes()
        self.files["jobs/slurm/jobs.json"] = (self.place / "out/slurm/jobs.json").read_bytes()
