#!/usr/bin/env python3
"""Neural collapse of embedding streams, computed the plain way: NumPy, float64, two passes, one pair at a time.

`collapse measure` is tested against it. The two share neither code nor algorithm: here all samples are in memory,
means come before deviations, a distance is the norm of a difference, and NC1 uses an SVD of the means and the
residuals themselves instead of a covariance.
"""

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import fsum, sqrt
from pathlib import Path

import numpy as np
import safetensors.numpy
import zstandard

RANK_TOLERANCE = 1e-15  # eigenvalues of Σ_B below this share of the largest count as zero, as in numpy.linalg.pinv
TILE = 64  # validation samples compared with all class means at once

Row = dict[str, np.ndarray]  # a statistic's values for the pairs of one class with others
Summary = dict[str, float]


# Input


@dataclass
class Samples:
    """Labels [N], predictions [N] (None if the stream has none) and features [N × d], as float64."""

    labels: np.ndarray
    predictions: np.ndarray | None
    features: np.ndarray


def read_batches(path: Path) -> Iterator[list[np.ndarray]]:
    """The batches of a stream: 1-d arrays up to and including the next 2-d one."""
    with open(path, "rb") as file:
        if path.suffix == ".zst":
            file = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        content = io.BytesIO(file.read())
    batch = []
    while content.tell() < len(content.getbuffer()):
        batch.append(np.load(content))
        if batch[-1].ndim == 2:
            yield batch
            batch = []
    if batch:
        raise ValueError(f"{path}: labels without features at the end")


def read_samples(paths: list[Path]) -> Samples:
    batches = [batch for path in paths for batch in read_batches(path)]
    labels, *predictions, features = (np.concatenate(column) for column in zip(*batches, strict=True))
    return Samples(labels, predictions[0] if predictions else None, features.astype(np.float64))


# First and second moments


@dataclass
class Classes:
    """The K classes by ascending token id, and the quantities that statistics are computed from."""

    token: np.ndarray  # [K]
    count: np.ndarray  # [K], n_c
    mean: np.ndarray  # [K × d], μ_c
    variance: np.ndarray  # [K], σ²_c = (1/n_c) Σ ‖h − μ_c‖²
    residuals: np.ndarray  # [N × d], h − μ_c of every sample
    centred: np.ndarray  # [K × d], m_c = μ_c − μ_G, with μ_G the unweighted mean of the μ_c
    norm: np.ndarray  # [K], ‖m_c‖
    direction: np.ndarray  # [K × d], û_c = m_c / ‖m_c‖


def mean(rows: np.ndarray) -> np.ndarray:
    """The mean over rows; the second step removes the rounding of the first."""
    first = rows.mean(axis=0)
    return first + (rows - first).mean(axis=0)


def gather_classes(samples: Samples) -> Classes:
    token, class_of, count = np.unique(samples.labels, return_inverse=True, return_counts=True)
    order = np.argsort(class_of, kind="stable")
    groups = np.split(samples.features[order], np.cumsum(count)[:-1])

    means = np.array([mean(group) for group in groups])
    residuals = [group - centre for group, centre in zip(groups, means)]
    variance = np.array([(residual**2).sum() for residual in residuals]) / count

    centred = means - mean(means)
    norm = np.linalg.norm(centred, axis=1)
    if not norm.all():
        sys.exit("golden.py: a class mean equals the mean of the class means, so it has no direction")
    return Classes(token, count, means, variance, np.concatenate(residuals), centred, norm, unit(centred))


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# Statistics over all classes at once


def nc1_scalars(classes: Classes) -> Summary:
    """NC1 as a scalar: tr Σ_W / tr Σ_B; tr(Σ_B⁺ Σ_W) / K; the same from the top min(K − 1, d) eigenpairs of Σ_B.

    With M/√K = U S Vᵀ, M the rows m_c, it is Σ_B = (1/K) MᵀM = V S² Vᵀ. So, with the sum over all N samples,
    tr(Σ_B⁺ Σ_W) = (1/N) Σ ‖S⁻¹ Vᵀ (h − μ_c)‖². The final layer norm leaves Σ_B one direction with next to no variance
    but the rounding of the features; in it, a float64 covariance matrix is right to some 7 digits only.
    """
    count, samples = len(classes.token), len(classes.residuals)
    _, scales, directions = np.linalg.svd(classes.centred / sqrt(count), full_matrices=False)
    spread = ((classes.residuals @ directions.T) ** 2).sum(axis=0) / samples  # vᵢᵀ Σ_W vᵢ
    rank = int((scales**2 > RANK_TOLERANCE * scales[0] ** 2).sum())
    ratios = spread[:rank] / scales[:rank] ** 2

    within = fsum((classes.residuals**2).sum(axis=1)) / samples
    between = fsum(classes.norm**2) / count
    return {
        "within_trace": within,
        "between_trace": between,
        "nc1_quotient": within / between,
        "nc1_pinv": fsum(ratios) / count,
        "nc1_svd": fsum(ratios[: count - 1]) / count,
    }


def simplex_error(left: np.ndarray, right: np.ndarray) -> float:
    """‖ S/‖S‖_F − (I − 11ᵀ/K)/√(K−1) ‖_F with S = [⟨left_c, right_c′⟩], a row of S at a time."""
    count = len(left)
    scale = sqrt(fsum(((right @ row) ** 2).sum() for row in left))

    def error(index: int) -> float:
        target = np.full(count, -1 / count)
        target[index] += 1
        return ((right @ left[index] / scale - target / sqrt(count - 1)) ** 2).sum()

    return sqrt(fsum(map(error, range(count))))


def over_classes(values: np.ndarray) -> Summary:
    """Mean, sample standard deviation (n − 1) and their ratio."""
    centre, deviation = float(values.mean()), float(values.std(ddof=1))
    return {"mean": centre, "std": deviation, "cv": deviation / centre}


# Statistics over pairs of classes


def pair_row(classes: Classes, one: int, others: slice | np.ndarray) -> Row:
    """Every pair statistic of class `one` with `others`; infinite if two means or directions are identical."""
    squared = ((classes.mean[others] - classes.mean[one]) ** 2).sum(axis=1)  # ‖μ_c − μ_c′‖²
    distance = np.linalg.norm(classes.direction[others] - classes.direction[one], axis=1)  # ‖û_c − û_c′‖
    coherence = classes.direction[others] @ classes.direction[one]  # ⟨û_c, û_c′⟩
    half = (classes.variance[others] + classes.variance[one]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "nc1_cdnv": half / squared,
            "nc1_cdnv_squared": half / squared**2,
            "nc2_interference": coherence,
            "nc2_interference_abs": np.abs(coherence),
            "gnc2_log": -np.log(distance),
            "gnc2_distance": distance,
            "gnc2_riesz1": 1 / distance,
        }


def over_pairs(classes: Classes) -> dict[str, Summary]:
    """Mean and population standard deviation over the finite ones of the K(K−1)/2 pairs: a pass for each.

    Infinite pairs are counted in `infinite_pairs`.
    """
    names = list(pair_row(classes, 0, slice(1, 2)))

    def total(value: Callable[[str, np.ndarray], float]) -> Summary:
        parts: dict[str, list[float]] = {name: [] for name in names}
        for one in range(len(classes.token) - 1):
            for name, row in pair_row(classes, one, slice(one + 1, None)).items():
                parts[name].append(value(name, row[np.isfinite(row)]))
        return {name: fsum(parts[name]) for name in names}

    pairs = len(classes.token) * (len(classes.token) - 1) // 2
    finite = total(lambda name, row: len(row))
    sums = total(lambda name, row: row.sum())
    means = {name: sums[name] / finite[name] for name in names}
    squares = total(lambda name, row: ((row - means[name]) ** 2).sum())

    summaries = {name: {"mean": means[name], "std": sqrt(squares[name] / finite[name])} for name in names}
    for name in names:
        if finite[name] < pairs:
            summaries[name]["infinite_pairs"] = pairs - int(finite[name])
    return summaries


@dataclass
class Neighbours:
    """How each class relates to the others, [K] each."""

    mean_cdnv: np.ndarray  # over the other classes, infinite pairs left out
    nearest: np.ndarray  # index of the class with the largest coherence
    coherence: np.ndarray  # with that class


def find_neighbours(classes: Classes) -> Neighbours:
    count = len(classes.token)
    cdnv, nearest, coherence = np.empty(count), np.empty(count, int), np.empty(count)
    for one in range(count):
        others = np.delete(np.arange(count), one)
        row = pair_row(classes, one, others)
        finite = row["nc1_cdnv"][np.isfinite(row["nc1_cdnv"])]
        cdnv[one] = finite.mean() if len(finite) else np.nan
        best = row["nc2_interference"].argmax()
        nearest[one], coherence[one] = others[best], row["nc2_interference"][best]
    return Neighbours(cdnv, nearest, coherence)


# Decisions on unseen samples


def nearest_means(features: np.ndarray, means: np.ndarray) -> np.ndarray:
    """argmin_c ‖h − μ_c‖ for each row; ties go to the first, which has the smaller token id."""
    tiles = np.array_split(features, -(-len(features) // TILE))
    return np.concatenate([((tile[:, None] - means) ** 2).sum(axis=2).argmin(axis=1) for tile in tiles])


def nc4(samples: Samples, classes: Classes, head: np.ndarray) -> dict[str, int | float]:
    """Agreement of argmax_c ⟨w_c, h⟩ over all V with the nearest of the K class means; the accuracy of both."""
    decided = (samples.features @ head.T).argmax(axis=1)
    nearest = classes.token[nearest_means(samples.features, classes.mean)]
    if samples.predictions is not None and (samples.predictions != decided).any():
        different = int((samples.predictions != decided).sum())
        print(f"golden.py: {different} predictions of the stream differ from the classifier's; ignored", file=sys.stderr)
    hits = int((decided == nearest).sum())
    return {
        "samples": len(decided),
        "hits": hits,
        "agreement": hits / len(decided),
        "accuracy": float((decided == samples.labels).mean()),
        "ncc_accuracy": float((nearest == samples.labels).mean()),
    }


# Output


def measure(samples: Samples, classes: Classes, neighbours: Neighbours, head: np.ndarray) -> dict[str, object]:
    """All statistics but NC4, in the order of the report."""
    scalars = nc1_scalars(classes)
    pairs = over_pairs(classes)
    weights = head[classes.token]  # w_c
    return {
        "tokens": len(samples.labels),
        "classes": len(classes.token),
        "dimension": samples.features.shape[1],
        **scalars,
        "nc1_cdnv": pairs["nc1_cdnv"],
        "nc1_cdnv_squared": pairs["nc1_cdnv_squared"],
        "nc2_norm": over_classes(classes.norm),
        "nc2_log_norm": over_classes(np.log(classes.norm)),
        "nc2_interference": pairs["nc2_interference"],
        "nc2_interference_abs": pairs["nc2_interference_abs"],
        "nc2_max_coherence": float(neighbours.coherence.max()),
        "nc2_nearest_coherence": float(neighbours.coherence.mean()),
        "nc2_etf_error": simplex_error(classes.centred, classes.centred),
        "gnc2_log": pairs["gnc2_log"],
        "gnc2_distance": pairs["gnc2_distance"],
        "gnc2_riesz1": pairs["gnc2_riesz1"],
        "nc3_cosine": over_classes(cosines(classes, head)),
        "nc3_dot": over_classes((weights * classes.centred).sum(axis=1)),
        "nc3_distance": over_classes(np.linalg.norm(unit(weights) - classes.direction, axis=1)),
        "nc3_dual_error": simplex_error(weights, classes.centred),
    }


def cosines(classes: Classes, head: np.ndarray) -> np.ndarray:
    """cos(w_c, m_c) of each class."""
    return (unit(head[classes.token]) * classes.direction).sum(axis=1)


def write_classes(path: Path, classes: Classes, neighbours: Neighbours, head: np.ndarray) -> None:
    """The per-class table; floats are written so that they read back as the same float64."""
    columns = {
        "token": classes.token,
        "count": classes.count,
        "norm": classes.norm,
        "variance": classes.variance,
        "mean_cdnv": neighbours.mean_cdnv,
        "nearest_token": classes.token[neighbours.nearest],
        "nearest_coherence": neighbours.coherence,
        "cosine": cosines(classes, head),
    }
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values())))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path, nargs="+", metavar="STREAM", help=".npy or .npy.zst embedding streams")
    parser.add_argument(
        "--classifier",
        type=Path,
        required=True,
        metavar="FILE",
        help="safetensors file with the output head, lm_head.weight [V × d]",
    )
    parser.add_argument("--validation", type=Path, metavar="FILE", help="stream of unseen samples, for nc4")
    parser.add_argument("--output", type=Path, metavar="FILE", help="JSON of the statistics; default: standard output")
    parser.add_argument("--classes", type=Path, metavar="FILE", help="CSV of the per-class table")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    samples = read_samples(arguments.streams)
    head = safetensors.numpy.load_file(arguments.classifier)["lm_head.weight"].astype(np.float64)
    classes = gather_classes(samples)
    neighbours = find_neighbours(classes)

    statistics = measure(samples, classes, neighbours, head)
    if arguments.validation:
        statistics["nc4"] = nc4(read_samples([arguments.validation]), classes, head)
    text = json.dumps(statistics, indent=1) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
    else:
        sys.stdout.write(text)
    if arguments.classes:
        write_classes(arguments.classes, classes, neighbours, head)


if __name__ == "__main__":
    main()
