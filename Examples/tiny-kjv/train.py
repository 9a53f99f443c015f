#!/usr/bin/env python3
"""Train a small GPT-Neo on the King James Bible and write its top-layer features as embedding streams.

A sequence x_1 … x_T gives T − 1 samples: the feature of position t is the hidden state after the final layer
norm (what the output head multiplies), and its label is the next token, x_{t+1}.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import tokenizers
import torch
import transformers
import zstandard
from safetensors.numpy import save_file
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

BIBLE = ["bible", "-f", "gen1:1-rev22:21"]  # one verse per line, after its reference: "Ge1:1 In the …"
END_OF_CHAPTER = "<|endoftext|>"
HOLD_OUT = 10  # every tenth chapter is for validation

Batch = list[np.ndarray]  # labels [n] int32, optionally predictions [n] int32, features [n × d] float16


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)

    def option(name: str, default: object, meaning: str, **more: object) -> None:
        parser.add_argument(name, type=type(default), default=default, help=meaning, **more)

    option("--out", Path("data"), "directory of the results")
    option("--layers", 2, "transformer blocks")
    option("--width", 64, "dimension d of the features")
    option("--heads", 4, "attention heads; divides the width")
    option("--context", 128, "tokens in a sequence")
    option("--vocabulary", 2048, "tokens of the byte-level BPE vocabulary, V")
    option("--epochs", 4, "passes over the training text")
    option("--learning-rate", 3e-3, "peak rate of AdamW, warmed up over 5 %% of the steps, then a cosine to 0")
    option("--weight-decay", 0.01, "weight decay of AdamW")
    option("--batch", 16, "sequences in a training step")
    option("--seed", 0, "seed of the initial weights and of the order of the sequences")
    option("--threads", 2, "CPU threads of PyTorch")
    option("--train-tokens", 20_000, "samples of the training streams, spread over the text; all, if it has fewer")
    option("--validation-tokens", 3_000, "samples of the validation stream, likewise")
    parser.add_argument(
        "--stream-batches",
        type=int,
        nargs="+",
        default=[24, 7],
        metavar="SEQUENCES",
        help="sequences in a batch of train-00.npy.zst, of train-01.npy.zst, …: one file for each",
    )
    parser.add_argument(
        "--stream", metavar="FILE", help="write the training samples to this one stream instead; - is standard output"
    )
    parser.add_argument(
        "--validation-stream", metavar="FILE", help="write the validation samples to this stream instead"
    )
    return parser.parse_args()


def log(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


# Text and tokens


def read_chapters() -> list[str]:
    """The chapters of the Bible in order, one verse per line, without the verse references."""
    try:
        lines = subprocess.run(BIBLE, capture_output=True, text=True, check=True).stdout.splitlines()
    except FileNotFoundError:
        sys.exit("train.py: no command 'bible': install the Debian packages bible-kjv and bible-kjv-text")
    chapters: dict[str, list[str]] = {}
    for line in lines:
        reference, _, verse = line.partition(" ")
        chapters.setdefault(reference.partition(":")[0], []).append(verse.strip())
    return ["\n".join(verses) + "\n" for verses in chapters.values()]


def train_tokenizer(chapters: list[str], vocabulary: int) -> tokenizers.Tokenizer:
    """A byte-level BPE tokenizer, which encodes any text, even bytes that the chapters do not contain."""
    tokenizer = tokenizers.Tokenizer(BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = BpeTrainer(
        vocab_size=vocabulary, special_tokens=[END_OF_CHAPTER], initial_alphabet=sorted(alphabet), show_progress=False
    )
    tokenizer.train_from_iterator(chapters, trainer)
    return tokenizer


def tokenize(tokenizer: tokenizers.Tokenizer, chapters: list[str], context: int) -> torch.Tensor:
    """All chapters as one run of tokens, cut into sequences [sequences × context]; a short last one is dropped."""
    encodings = tokenizer.encode_batch([chapter + END_OF_CHAPTER for chapter in chapters])
    tokens = torch.tensor([token for encoding in encodings for token in encoding.ids])
    return tokens[: len(tokens) // context * context].view(-1, context)


# Model


def make_model(arguments: argparse.Namespace, vocabulary: int) -> transformers.GPTNeoForCausalLM:
    """A GPT-Neo whose attention is global in every layer and whose head is tied to the token embedding."""
    config = transformers.GPTNeoConfig(
        vocab_size=vocabulary,
        max_position_embeddings=arguments.context,
        hidden_size=arguments.width,
        num_layers=arguments.layers,
        num_heads=arguments.heads,
        attention_types=[[["global"], arguments.layers]],
        bos_token_id=0,
        eos_token_id=0,
        use_cache=False,
    )
    return transformers.GPTNeoForCausalLM(config)


def next_token_loss(model: transformers.GPTNeoForCausalLM, sequences: torch.Tensor) -> torch.Tensor:
    """Mean over all samples of −log softmax(W h)[label], in nats."""
    logits = model(sequences).logits[:, :-1]
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), sequences[:, 1:].flatten())


def train(model: transformers.GPTNeoForCausalLM, sequences: torch.Tensor, arguments: argparse.Namespace) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.learning_rate, weight_decay=arguments.weight_decay)
    steps = arguments.epochs * -(-len(sequences) // arguments.batch)
    schedule = transformers.get_cosine_schedule_with_warmup(optimizer, steps // 20, steps)
    for epoch in range(arguments.epochs):
        losses = []
        for chosen in torch.randperm(len(sequences)).split(arguments.batch):
            loss = next_token_loss(model, sequences[chosen])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        log(f"epoch {epoch + 1} of {arguments.epochs}: mean training loss {np.mean(losses):.4f}")


@torch.inference_mode()
def mean_loss(model: transformers.GPTNeoForCausalLM, sequences: torch.Tensor) -> float:
    total = sum(len(some) * next_token_loss(model, some).item() for some in sequences.split(64))
    return total / len(sequences)


# Streams


@torch.inference_mode()
def samples(model: transformers.GPTNeoForCausalLM, sequences: torch.Tensor, batch: int, limit: int) -> Iterator[Batch]:
    """Labels and features of the first `limit` samples, `batch` sequences at a time."""
    for some in sequences.split(batch):
        hidden = model.transformer(some).last_hidden_state[:, :-1].flatten(0, 1)
        labels = some[:, 1:].flatten()
        yield [labels[:limit].numpy().astype(np.int32), hidden[:limit].numpy().astype(np.float16)]
        limit = max(limit - len(labels), 0)


def with_predictions(batches: Iterable[Batch], head: np.ndarray) -> Iterator[Batch]:
    """Adds argmax_c ⟨w_c, h⟩ over the whole vocabulary, in float64; ties go to the smaller token id."""
    for labels, features in batches:
        logits = features.astype(np.float64) @ head.T.astype(np.float64)
        yield [labels, logits.argmax(axis=1).astype(np.int32), features]


def spread(sequences: torch.Tensor, limit: int) -> torch.Tensor:
    """Evenly spaced sequences, just enough for `limit` samples."""
    count = min(len(sequences), -(-limit // (sequences.shape[1] - 1)))
    return sequences[np.linspace(0, len(sequences) - 1, count).astype(int)]


def write_stream(file: BinaryIO, batches: Iterable[Batch]) -> None:
    """Writes the arrays of each batch as NPY, with one checksummed zstd frame per batch."""
    compressor = zstandard.ZstdCompressor(level=19, write_checksum=True)
    with compressor.stream_writer(file, closefd=False) as writer:
        for batch in batches:
            for array in batch:
                np.save(writer, array)
            writer.flush(zstandard.FLUSH_FRAME)


@contextmanager
def output(name: str | Path) -> Iterator[BinaryIO]:
    if str(name) == "-":
        # Closed at the end of the stream, because the reader waits for that.
        with open(sys.stdout.fileno(), "wb") as file:
            yield file
    else:
        with open(name, "wb") as file:
            yield file


def export(
    model: transformers.GPTNeoForCausalLM,
    train_set: torch.Tensor,
    validation_set: torch.Tensor,
    arguments: argparse.Namespace,
) -> None:
    """Writes the training streams, the validation stream and the classifier."""
    names = [arguments.out / f"train-{file:02}.npy.zst" for file in range(len(arguments.stream_batches))]
    if arguments.stream:
        names = [arguments.stream]
    for file, (name, batch) in enumerate(zip(names, arguments.stream_batches)):
        share = len(range(file, arguments.train_tokens, len(names)))
        chosen = spread(train_set[file :: len(names)], share)
        with output(name) as stream:
            write_stream(stream, samples(model, chosen, batch, share))

    head = model.lm_head.weight.detach().numpy()
    save_file({"lm_head.weight": head}, arguments.out / "model.safetensors")
    chosen = spread(validation_set, arguments.validation_tokens)
    batches = samples(model, chosen, 10, arguments.validation_tokens)
    with output(arguments.validation_stream or arguments.out / "validation.npy.zst") as stream:
        write_stream(stream, with_predictions(batches, head))


def describe(model: transformers.GPTNeoForCausalLM, arguments: argparse.Namespace) -> dict[str, object]:
    same = ["layers", "width", "heads", "context", "epochs", "learning_rate", "weight_decay", "batch", "seed"]
    return {
        "model": f"{arguments.layers}x{arguments.width}_{arguments.epochs}e",
        **{key: getattr(arguments, key) for key in same},
        "vocabulary": model.config.vocab_size,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }


def versions() -> dict[str, str]:
    modules = [torch, transformers, tokenizers, np, zstandard]
    return {"python": platform.python_version()} | {module.__name__: str(module.__version__) for module in modules}


def main() -> None:
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    chapters = read_chapters()
    held_out = chapters[HOLD_OUT - 1 :: HOLD_OUT]
    kept = [chapter for index, chapter in enumerate(chapters) if index % HOLD_OUT != HOLD_OUT - 1]
    tokenizer = train_tokenizer(kept, arguments.vocabulary)
    tokenizer.save(str(arguments.out / "tokenizer.json"), pretty=False)
    train_set, validation_set = (tokenize(tokenizer, part, arguments.context) for part in (kept, held_out))
    log(f"{train_set.numel()} training tokens, {validation_set.numel()} validation tokens")

    model = make_model(arguments, tokenizer.get_vocab_size())
    meta = describe(model, arguments)
    log(f"{meta['model']}: {meta['parameters']} parameters")
    model.train()
    train(model, train_set, arguments)
    model.eval()
    meta |= {"train_loss": mean_loss(model, train_set), "val_loss": mean_loss(model, validation_set)}
    log(f"loss: training {meta['train_loss']:.4f}, validation {meta['val_loss']:.4f}")

    export(model, train_set, validation_set, arguments)
    meta["versions"] = versions()
    (arguments.out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


if __name__ == "__main__":
    main()
