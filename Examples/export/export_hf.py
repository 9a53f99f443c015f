"""Write the stream of any Hugging Face causal LM over a corpus: labels, the model's predictions, features.

    python export_hf.py MODEL corpus.txt | collapse accumulate - --within pooled --output moments.h5
    python export_hf.py MODEL corpus.txt --head head.npy --output train.npy.zst

At position t of a sequence, the feature is what the output head is given (the last hidden state, after the final norm), the
label is the token at t + 1, and the prediction is the arg max of the head. The last position of a sequence, which has no
label, and padding are left out. The features come from a hook on the head's input, because models disagree on what
"hidden_states[-1]" is.

Text files are split at --separator into documents, which are tokenized one by one. A token file (.npy, 1-d; .bin,
little-endian --token-type) is one long document. A document is cut into sequences of --length tokens. Each starts with
the last token of the one before, so every token but a document's first is a label once.
"""

import argparse
import sys

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

FEATURES = {"float16": torch.float16, "float32": torch.float32}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a name or folder for from_pretrained")
    parser.add_argument("corpus", nargs="+", help="text files, or files of token ids (.npy, .bin)")
    parser.add_argument("--gguf", help="the GGUF file in the folder, if the model is in GGUF")
    parser.add_argument("--output", default="-", help="a .npy or .npy.zst file; by default standard output")
    parser.add_argument("--head", help="write the output head here (.npy), for --classifier")
    parser.add_argument("--type", choices=FEATURES, default="float16", help="type of the features")
    parser.add_argument("--token-type", choices=["uint16", "uint32"], default="uint16", help="type of the tokens in .bin files")
    parser.add_argument("--separator", default="\n\n", help="between documents of a text file")
    parser.add_argument("--length", type=int, default=512, help="most tokens in a sequence")
    parser.add_argument("--batch", type=int, default=8, help="sequences in a batch")
    parser.add_argument("--tokens", type=int, help="stop after this number of labels")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    if options.length < 2:
        parser.error("--length: a sequence of one token has no next token")
    return options


def documents(options):
    """The token ids of each document."""
    tokenizer = None
    for name in options.corpus:
        if name.endswith(".npy"):
            yield np.load(name, mmap_mode="r")
        elif name.endswith(".bin"):
            yield np.memmap(name, np.dtype(options.token_type).newbyteorder("<"), "r")
        else:
            tokenizer = tokenizer or AutoTokenizer.from_pretrained(options.model, gguf_file=options.gguf)
            with open(name, encoding="utf-8") as file:
                for text in file.read().split(options.separator):
                    if text.strip():
                        yield np.array(tokenizer(text)["input_ids"], np.int64)


def sequences(options):
    for tokens in documents(options):
        for start in range(0, len(tokens) - 1, options.length - 1):
            yield torch.from_numpy(np.array(tokens[start : start + options.length], np.int64))


def batches(options):
    """Token ids, padded on the right, and a mask that is false for padding."""
    group = []
    for sequence in sequences(options):
        group.append(sequence)
        if len(group) == options.batch:
            yield pad(group)
            group = []
    if group:
        yield pad(group)


def pad(group):
    tokens = torch.nn.utils.rnn.pad_sequence(group, batch_first=True)
    lengths = torch.tensor([len(sequence) for sequence in group])
    return tokens, torch.arange(tokens.shape[1]) < lengths[:, None]


@torch.inference_mode()
def export(model, options, save):
    seen = {}
    head = model.get_output_embeddings()
    head.register_forward_pre_hook(lambda module, inputs: seen.update(features=inputs[0]))
    left = options.tokens
    for tokens, mask in batches(options):
        tokens, mask = tokens.to(options.device), mask.to(options.device)
        logits = model(input_ids=tokens, attention_mask=mask.long(), use_cache=False).logits
        # Positions whose token and next token are not padding.
        rows = mask[:, :-1] & mask[:, 1:]
        labels = tokens[:, 1:][rows][:left]
        predictions = logits[:, :-1][rows][:left].argmax(-1)
        features = seen["features"][:, :-1][rows][:left].to(FEATURES[options.type])
        if not torch.isfinite(features).all():
            sys.exit(f"features are too large for {options.type}: give --type float32")
        for array in (labels.int(), predictions.int(), features):
            save(array.cpu().numpy())
        if left is not None:
            left -= len(labels)
            if left == 0:
                return


def main():
    options = arguments()
    model = AutoModelForCausalLM.from_pretrained(options.model, gguf_file=options.gguf)
    model = model.to(options.device).eval()
    if options.head:
        np.save(options.head, model.get_output_embeddings().weight.detach().float().cpu().numpy())
    if options.output == "-":
        # numpy.save asks a real file for its position, which a pipe does not have.
        pipe = type("Pipe", (), {"write": staticmethod(sys.stdout.buffer.write)})()
        export(model, options, lambda array: np.save(pipe, array))
        sys.stdout.buffer.flush()
    elif options.output.endswith(".zst"):
        import zstandard

        with open(options.output, "wb") as file, zstandard.ZstdCompressor().stream_writer(file) as stream:
            export(model, options, lambda array: np.save(stream, array))
    else:
        with open(options.output, "wb") as file:
            export(model, options, lambda array: np.save(file, array))


if __name__ == "__main__":
    main()
