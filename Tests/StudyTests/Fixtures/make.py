"""Writes scipy.json: SciPy's results for random tables. Needs numpy and scipy; run it in this folder."""

import itertools
import json

import numpy
from scipy import stats

random = numpy.random.default_rng(20240518)


def residuals(values, given):
    design = numpy.column_stack([numpy.ones(len(values))] + given)
    return values - design @ numpy.linalg.lstsq(design, values, rcond=None)[0]


def case(x, y, given):
    line = stats.linregress(x, y)
    return {
        "x": list(x), "y": list(y), "given": [list(column) for column in given],
        "pearson": stats.pearsonr(x, y).statistic, "spearman": stats.spearmanr(x, y).statistic,
        "slope": line.slope, "intercept": line.intercept,
        "partial": stats.pearsonr(residuals(x, given), residuals(y, given)).statistic,
    }


def exact(x, y):
    result = stats.permutation_test(
        (y,), lambda shuffled: stats.pearsonr(x, shuffled).statistic ** 2, permutation_type="pairings",
        n_resamples=numpy.inf, alternative="greater", vectorized=False)
    return {"x": list(x), "y": list(y), "p": result.pvalue}


def tables():
    for n in [6, 21, 230]:
        for ties in [False, True]:
            scale = random.normal(size=(2, n))
            x = random.normal(size=n) + scale[0]
            y = 0.5 * x + random.normal(size=n) - scale[1]
            if ties:
                x, y = numpy.round(x), numpy.round(y)
            yield case(x, y, list(scale))
    x = 1e6 + random.normal(size=30) * 1e-3
    yield case(x, -1e-9 * random.normal(size=30), [random.normal(size=30)])


def small():
    for n in [4, 5, 6]:
        yield exact(random.normal(size=n), random.normal(size=n))
        yield exact(numpy.arange(n) % 3 * 0.1, numpy.round(random.normal(size=n), 1))


with open("scipy.json", "w") as file:
    json.dump({"tables": list(tables()), "small": list(small())}, file, indent=1)
    file.write("\n")
