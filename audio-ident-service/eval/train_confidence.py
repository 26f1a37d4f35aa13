#!/usr/bin/env python3
"""Fits the weights behind the exact lane's confidence and writes src/search/confidence_weights.hpp.

    eval/build_queries.py --out SET …                                    # clips with known answers
    train_confidence.py --tool build/bench/eval/match-features SET [SET …]

Logistic regression (Newton's method, ridge penalty) on the rows that match-features prints, one model for matches at the
recorded speed and pitch and one for transformed matches. Reports, by cross-validation over whole tracks, what is accepted at a given
share of false alarms, and the expected calibration error of the best match.
"""
import argparse
import collections
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

FOLDS = 8
RIDGE = 1.0
BINS = 15
FALSE_ALARMS = (0.005, 0.02)


def read_queries(folder):
    """Rows of the set's queries.csv by the clip's path."""
    with open(folder / "queries.csv", newline="") as file:
        return {str(folder / row["file"]): row for row in csv.DictReader(file)}


def features_of(tool, folder, queries):
    """Rows that match-features prints; kept beside the set, since they take minutes."""
    with tempfile.TemporaryDirectory() as scratch:
        clips = pathlib.Path(scratch) / "clips.txt"
        clips.write_text("".join(path + "\n" for path in queries))
        text = subprocess.run([tool, str(folder / "library.txt"), str(clips)], check=True, capture_output=True,
                              text=True).stdout
    return list(csv.DictReader(text.splitlines()))


def is_right(query, row):
    return query["kind"] == "positive" and row["track"] in (query["track"], query.get("also_track") or None)


def group_of(query):
    """Clips of one recording stay together in cross-validation."""
    return query["track"] or query["details"].split("source=")[-1]


class Model:
    def __init__(self, inputs, right):
        self.mean = inputs.mean(0)
        self.scale = inputs.std(0) + 1e-9
        design = self._design(inputs)
        self.weights = np.zeros(design.shape[1])
        penalty = np.eye(len(self.weights)) * RIDGE
        penalty[-1, -1] = 0
        for _ in range(50):
            p = self._sigmoid(design @ self.weights)
            curvature = (design * (p * (1 - p) + 1e-9)[:, None]).T @ design + penalty
            step = np.linalg.solve(curvature, design.T @ (p - right) + penalty @ self.weights)
            self.weights -= step
            if np.abs(step).max() < 1e-9:
                break

    def _design(self, inputs):
        return np.c_[(inputs - self.mean) / self.scale, np.ones(len(inputs))]

    @staticmethod
    def _sigmoid(x):
        return 1 / (1 + np.exp(-np.clip(x, -30, 30)))

    def predict(self, inputs):
        return self._sigmoid(self._design(inputs) @ self.weights)

    def raw_weights(self):
        """For inputs as they are, the constant last."""
        weights = self.weights[:-1] / self.scale
        return [*weights, self.weights[-1] - float(weights @ self.mean)]


def fit(inputs, right, transformed):
    return {kind: Model(inputs[transformed == kind], right[transformed == kind]) for kind in (False, True)}


def predict(models, inputs, transformed):
    result = np.zeros(len(inputs))
    for kind, model in models.items():
        result[transformed == kind] = model.predict(inputs[transformed == kind])
    return result


def report(queries, clips, confidence, right):
    """Prints accepted shares by cell at the threshold of each share of false alarms."""
    best = {}
    for i, clip in enumerate(clips):
        if clip not in best or confidence[i] > confidence[best[clip]]:
            best[clip] = i
    negatives = sorted((confidence[best[clip]] if clip in best else 0.0
                        for clip, query in queries.items() if query["kind"] != "positive"), reverse=True)
    for share in FALSE_ALARMS + (None,):
        threshold = 0.5 if share is None else negatives[int(len(negatives) * share)]
        cells = collections.defaultdict(lambda: [0, 0, 0])
        for clip, query in queries.items():
            if query["kind"] != "positive":
                continue
            cell = cells[query["cell"]]
            cell[0] += 1
            if clip in best and right[best[clip]]:
                cell[1] += 1
                cell[2] += confidence[best[clip]] > threshold
        total = np.sum(list(cells.values()), axis=0)
        alarms = sum(c > threshold for c in negatives)
        print(f"threshold {threshold:.4f}: {alarms} false alarms of {len(negatives)}; "
              f"top-1 {100 * total[1] / total[0]:.2f} %, accepted {100 * total[2] / total[0]:.2f} % of {total[0]}")
    print("  ".join(f"{name} {100 * c[1] / c[0]:.0f}/{100 * c[2] / c[0]:.0f}" for name, c in cells.items()))
    chosen = np.array(list(best.values()))
    bins = np.minimum((confidence[chosen] * BINS).astype(int), BINS - 1)
    error = sum(abs(confidence[chosen][bins == b].mean() - right[chosen][bins == b].mean()) * (bins == b).mean()
                for b in range(BINS) if (bins == b).any())
    print(f"expected calibration error {error:.4f}")


def write_header(path, models, description):
    def line(name, model):
        values = ", ".join(f"{w:.6g}" for w in model.raw_weights())
        return f"inline constexpr ConfidenceWeights {name}{{{values}}};\n"

    path.write_text(
        "#pragma once\n\n"
        f"// Written by eval/train_confidence.py: {description}.\n\n"
        "#include <array>\n\n#include \"search/confidence.hpp\"\n\nnamespace audio_ident::search {\n\n"
        "/// In the order of kConfidenceInputNames; the last is the constant.\n"
        "using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;\n\n"
        "// clang-format off\n"
        + line("kPlainWeights", models[False]) + line("kTransformedWeights", models[True])
        + "// clang-format on\n\n}  // namespace audio_ident::search\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=pathlib.Path, help="folders made by build_queries.py")
    parser.add_argument("--tool", required=True, help="the match-features program")
    parser.add_argument("--write", action="store_true", help="write the header")
    parser.add_argument("--report-only", action="store_true", help="judge the confidences as the program gives them")
    arguments = parser.parse_args()

    queries = {}
    rows = []
    for folder in arguments.sets:
        some = read_queries(folder)
        queries.update(some)
        rows += features_of(arguments.tool, folder, some)
    names = list(rows[0])[8:]
    clips = [row["clip"] for row in rows]
    inputs = np.array([[float(row[name]) for name in names] for row in rows])
    right = np.array([float(is_right(queries[row["clip"]], row)) for row in rows])
    transformed = np.array([row["transformed"] == "1" for row in rows])

    if arguments.report_only:
        report(queries, clips, np.array([float(row["confidence"]) for row in rows]), right)
        took = [float(row["milliseconds"]) for row, i in zip(rows, range(len(rows))) if i == 0 or clips[i] != clips[i - 1]]
        print(f"milliseconds a clip: mean {np.mean(took):.1f}, median {np.median(took):.1f}, p95 {np.percentile(took, 95):.1f}")
        return 0

    groups = {group: i for i, group in enumerate(sorted({group_of(query) for query in queries.values()}))}
    fold_of_group = np.random.RandomState(0).randint(0, FOLDS, len(groups))
    folds = np.array([fold_of_group[groups[group_of(queries[clip])]] for clip in clips])
    confidence = np.zeros(len(rows))
    for fold in range(FOLDS):
        out = folds == fold
        confidence[out] = predict(fit(inputs[~out], right[~out], transformed[~out]), inputs[out], transformed[out])
    report(queries, clips, confidence, right)

    models = fit(inputs, right, transformed)
    for kind, model in models.items():
        print("transformed" if kind else "plain", {n: round(float(w), 3) for n, w in zip(names + ["constant"], model.weights)})
    if arguments.write:
        target = pathlib.Path(__file__).resolve().parent.parent / "src" / "search" / "confidence_weights.hpp"
        write_header(target, models, f"{len(queries)} clips of {len(groups)} recordings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
