# %% [markdown]
# Load measurements, classes and a state with pandas and h5py, and draw one figure of the report with matplotlib. Cells begin
# with `# %%`: run this as a script, or cell by cell in VS Code, in Spyder, or (through jupytext) in Jupyter.

# %%
import json
import sys
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

folder = Path(sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir() else "out/quickstart")

# %% Measurements: a row per statistic. A statistic of one number has it as its mean.
measures = json.loads((folder / "geometry.json").read_text())
statistics = pd.DataFrame(
    {name: value if isinstance(value, dict) else {"mean": value} for name, value in measures.items() if name != "provenance"}
).T
print(statistics.dropna(how="all", axis=1).head(20))

# %% Classes: a row per token. A token's text may be "null" or "NA", which must not be read as missing.
classes = pd.read_csv(folder / "classes.csv", keep_default_na=False, na_values={"cosine": [""], "mean_cdnv": [""]})
print(classes.nlargest(5, "count"))

# %% The state: means and counts by ascending token id, in the order of classes.csv.
with h5py.File(folder / "moments.h5") as state:
    means, counts = state["classes/mean"][:], state["classes/count"][:]
    print(dict(state.attrs)["samples"], "samples,", means.shape, "means")

# %% Norms of class means about their global mean: those from the state equal those in the table.
norms = np.linalg.norm(means - means.mean(axis=0), axis=1)
assert np.allclose(norms, classes["norm"], rtol=1e-12)

figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
axes.hist(norms, bins=60, color="#0072b2")
axes.axvline(norms.mean(), color="black", linestyle="--", label=f"mean {norms.mean():.2f}, cv {norms.std(ddof=1) / norms.mean():.3f}")
axes.set(title="Norms of class means", xlabel="‖μ_c − μ_G‖", ylabel="classes")
axes.legend(frameon=False)
figure.savefig(folder / "norms.png", dpi=150)
print("wrote", folder / "norms.png")
