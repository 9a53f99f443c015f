#!/usr/bin/env python3
"""Draw the figures of the article “How far a number can be trusted” as SVG. Needs only Python.

    python figures.py results ../../Sources/NeuralCollapse/NeuralCollapse.docc

`results` holds what the commands in README.md wrote: measurements of both streams, and the results of `bench noise` and of
the test of jackknife errors.
"""

import json
import math
import re
import sys
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 640, 400
LEFT, TOP, BOTTOM = 70, 48, 84
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#777777"


class Drawing:
    """A list of SVG elements on a white ground."""

    def __init__(self, title, note, height=HEIGHT):
        self.height, self.parts = height, []
        self.text(WIDTH / 2, 24, title, anchor="middle", size=15)
        for line, words in enumerate(note):
            self.text(12, height - 22 + 14 * line, words, size=10, colour=GREY)

    def text(self, x, y, words, anchor="start", size=12, colour="black", turn=""):
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}"{turn}>{escape(words)}</text>'
        )

    def line(self, points, colour, width=1.0, dash=""):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>')

    def dot(self, x, y, colour, filled=True, radius=4.0):
        fill = colour if filled else "white"
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>')

    def write(self, file):
        file.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" font-family="sans-serif">\n'
            f'<rect width="{WIDTH}" height="{self.height}" fill="white"/>\n' + "\n".join(self.parts) + "\n</svg>\n",
            encoding="utf-8",
        )


def number(value):
    """A statistic's number: a value, or its mean."""
    return value.get("mean") if isinstance(value, dict) else value


def over_min_count(results, file):
    """The CDNV ratio, raw and corrected, over min-count, for both streams."""
    streams = [("8 000 samples", "8000", False), ("36 000 samples", "36000", True)]
    drawing = Drawing(
        "CDNV ratio of SmolLM2-135M on the King James Bible",
        [(results / "smollm2-made.txt").read_text().strip(), "Standard errors in closed form are smaller than the dots. Commands: Examples/noise/README.md"],
    )
    counts, top = [1, 2, 5, 10, 20, 50], 0.8
    right = WIDTH - 220

    def place(count, value):
        x = LEFT + 20 + (right - LEFT - 40) * math.log(count) / math.log(counts[-1])
        return x, drawing.height - BOTTOM - value / top * (drawing.height - BOTTOM - TOP)

    for tick in range(0, 9, 2):
        y = place(1, tick / 10)[1]
        drawing.line([(LEFT, y), (right, y)], "#dddddd")
        drawing.text(LEFT - 8, y + 4, f"{tick / 10:.1f}", anchor="end")
    for count in counts:
        drawing.text(place(count, 0)[0], drawing.height - BOTTOM + 18, str(count), anchor="middle")
    drawing.text((LEFT + right) / 2, drawing.height - BOTTOM + 36, "samples that a class must have", anchor="middle")
    for row, (statistic, words, colour) in enumerate(
        [("nc1_cdnv_ratio_corrected", "corrected", BLUE), ("nc1_cdnv_ratio", "raw", ORANGE)]
    ):
        for column, (samples, name, filled) in enumerate(streams):
            groups = json.loads((results / f"smollm2-{name}.json").read_text())["by_min_count"]
            points = []
            for group in groups:
                measures = group["measures"] or {}
                value = number(measures.get(statistic))
                if value is None:
                    continue
                x, y = place(group["min_count"], value)
                error = number(measures.get("standard_errors", {}).get(statistic)) or 0
                drawing.line([place(group["min_count"], value - error), place(group["min_count"], value + error)], colour, 1.5)
                points.append((x, y))
            drawing.line(points, colour, 2, "" if filled else "5 4")
            for x, y in points:
                drawing.dot(x, y, colour, filled)
            y = TOP + 30 + 22 * (2 * row + column)
            drawing.line([(right + 14, y - 4), (right + 44, y - 4)], colour, 2, "" if filled else "5 4")
            drawing.dot(right + 29, y - 4, colour, filled)
            drawing.text(right + 52, y, f"{words}, {samples}", size=11)
    drawing.write(file)


def over_scatter(results, file):
    """Errors divided by the scatter over redrawn corpora, a row for each statistic."""
    bench = json.loads((results / "noise.json").read_text())["statistics"]
    real = json.loads((results / "noise-smollm2.json").read_text())["statistics"]
    pattern = re.compile(r"^min-count (\d+), (\S+) (\S+) \*: ([\d.]+), a bar in (\d+) of (\d+)$", re.M)
    jackknife = pattern.findall((results / "jackknife.txt").read_text())
    rows = []
    for statistic in dict.fromkeys(entry["statistic"] for entry in bench):
        found = [(e["error_over_scatter"], e["t2"] <= 0.1) for e in bench if e["statistic"] == statistic]
        dots = [(ratio, even, BLUE) for ratio, even in found]
        dots += [(e["error_over_scatter"], e["min_count"] == 1, GREEN) for e in real if e["statistic"] == statistic]
        rows.append((statistic, dots))
    for statistic in dict.fromkeys(entry[1] for entry in jackknife):
        found = [(float(e[3]), e[0] == "1", ORANGE) for e in jackknife if e[1] == statistic and 2 * int(e[4]) > int(e[5])]
        if found:
            rows.append((statistic, found))
    height, step = 178 + 17 * len(rows), 17
    drawing = Drawing(
        "Standard errors divided by the true scatter",
        [(results / "noise-made.txt").read_text().strip(), "Commands: Examples/noise/README.md"],
        height,
    )
    left, right = 250, WIDTH - 30

    def place(ratio):
        return left + (right - left) * (ratio - 0.4) / 1.7

    bottom = TOP + 20 + step * len(rows)
    for tick in [0.5, 0.7, 1.0, 1.5, 2.0]:
        drawing.line([(place(tick), TOP + 8), (place(tick), bottom)], "black" if tick == 1 else "#dddddd")
        drawing.text(place(tick), bottom + 14, f"{tick:.1f}", anchor="middle", size=11)
    for row, (statistic, found) in enumerate(rows):
        y = TOP + 22 + step * row
        drawing.text(left - 10, y + 4, statistic, anchor="end", size=11)
        for ratio, filled, colour in found:
            drawing.dot(place(ratio), y, colour, filled, 3.2)
    legend = [
        ("closed form, normal features; filled: t₂ ≤ 0.1", BLUE),
        ("closed form, features of SmolLM2; filled: all classes, open: min-count 2 and 10", GREEN),
        ("jackknife, normal features; filled: all classes, open: min-count 10", ORANGE),
    ]
    for line, (words, colour) in enumerate(legend):
        drawing.text(12, bottom + 34 + 14 * line, words, size=10, colour=colour)
    drawing.write(file)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results, folder = Path(sys.argv[1]), Path(sys.argv[2])
    over_min_count(results, folder / "cdnv-over-min-count.svg")
    over_scatter(results, folder / "errors-over-scatter.svg")


if __name__ == "__main__":
    main()
