"""Write the stream of a plain PyTorch module: features by a forward hook, with labels and predictions, to standard output.

    python export_hook.py --tokens train.npy --head head.npy | collapse accumulate - --output moments.h5

Replace `model()` with your own: any module that takes token ids [b × t] and returns logits [b × t × V]. The hook is on the
output head, whose input is the feature, so nothing else about the module matters. At position t, the label is the
token at t + 1; the last position of a sequence has no label and is left out.
"""

import argparse
import sys

import numpy as np
import torch


class Recurrent(torch.nn.Module):
    """A small model to try this with: embedding, GRU, norm, head."""

    def __init__(self, vocabulary=256, width=32):
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, width)
        self.recurrent = torch.nn.GRU(width, width, batch_first=True)
        self.norm = torch.nn.LayerNorm(width)
        self.head = torch.nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        return self.head(self.norm(self.recurrent(self.embedding(tokens))[0]))


def model():
    """The module and its output head."""
    torch.manual_seed(0)
    module = Recurrent()
    return module, module.head


@torch.inference_mode()
def export(module, head, tokens, length, batch, save):
    seen = {}
    handle = head.register_forward_pre_hook(lambda _, inputs: seen.update(features=inputs[0]))
    # A sequence starts with the last token of the one before, so every token but the first is a label once.
    sequences = [tokens[start : start + length] for start in range(0, len(tokens) - 1, length - 1)]
    while sequences:
        # Sequences of equal length need no padding and no mask.
        count = sum(len(sequence) == len(sequences[0]) for sequence in sequences[:batch])
        group, sequences = np.stack(sequences[:count]), sequences[count:]
        inputs = torch.from_numpy(group.astype(np.int64))
        predictions = module(inputs)[:, :-1].argmax(-1)
        features = seen["features"][:, :-1]
        save(inputs[:, 1:].reshape(-1).int().numpy())
        save(predictions.reshape(-1).int().numpy())
        save(features.reshape(-1, features.shape[-1]).float().numpy())
    handle.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", required=True, help="token ids, a 1-d array (.npy)")
    parser.add_argument("--head", help="write the output head here (.npy), for --classifier")
    parser.add_argument("--length", type=int, default=128, help="tokens in a sequence, at least 2")
    parser.add_argument("--batch", type=int, default=32, help="most sequences in a batch")
    options = parser.parse_args()
    module, head = model()
    module.eval()
    if options.head:
        np.save(options.head, head.weight.detach().numpy())
    # numpy.save asks a real file for its position, which a pipe does not have.
    pipe = type("Pipe", (), {"write": staticmethod(sys.stdout.buffer.write)})()
    tokens = np.load(options.tokens, mmap_mode="r")
    export(module, head, tokens, options.length, options.batch, lambda array: np.save(pipe, array))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
