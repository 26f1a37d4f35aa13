"""Fits the weights behind the exact lane's confidence and writes src/search/confidence_weights.hpp.

    python3 -m eval.build_queries --half dev --out SET …                # clips with known answers
    build/release/eval/make-music MUSIC 40 90                           # tracks that share their notes and instruments
    python3 -m eval.build_queries --audio MUSIC --pools ../../shared/audio --positives 4 --negatives 16 --out SET2
    build/release/bench/grow-library INDEX SET/library.txt SEEDS.txt 10000
    python3 -m eval.train_confidence --tool build/release/eval/match-features --grown INDEX [--grown INDEX2 …] \
        SET [SET2 …]

Each INDEX holds the library of the first set among synthetic tracks, made from recordings that no clip comes from
(SEEDS.txt). Each set's clips are searched in its whole library and in parts of it, where most clips are unknown. This
gives thousands of negatives, in libraries of several sizes. Of the further sets, only the whole library and one part
are searched.

The fit is a logistic regression (Newton's method, ridge penalty) on the rows that match-features prints: one model for
matches at the recorded speed and pitch, one for transformed matches. The report, cross-validated over whole tracks,
gives the share of accepted clips at given shares of false alarms, and the expected calibration error of the best match.

--near fits few clips, or clips of one kind, on top of the weights that the source has: it pulls to these instead of to
zero, keeps the weight of the library's size, which few sizes cannot teach, and lets no balance count against a match.
"""

import argparse
import collections
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

FOLDS = 8
RIDGE = 1.0
BINS = 15
FALSE_ALARMS = (0.005, 0.02)
WHOLE = "0/1"
GROWN = "grown"
PARTS = ("0/2", "1/2", "0/5", "0/15")
HEADER = pathlib.Path(__file__).resolve().parent.parent / "src" / "search" / "confidence_weights.hpp"
KEPT = "log_hours"
AT_LEAST_ZERO = "balance"  # music in one half of the band alone has no balance, which says nothing about a match


class Trial:
    """A clip searched in a part of a library."""

    def __init__(self, query, known):
        self.query = query
        self.answers = [query[name] for name in ("track", "also_track") if query.get(name) in known]

    @property
    def is_positive(self):
        return self.query["kind"] == "positive" and bool(self.answers)

    @property
    def group(self):
        """Clips of one recording stay together in cross-validation."""
        return self.query["track"] or self.query["details"].split("source=")[-1]


def read_trials(folder, parts):
    """All searches, by part and clip."""
    library = (folder / "library.txt").read_text().splitlines()
    trials = {}
    with open(folder / "queries.csv", newline="") as file:
        queries = list(csv.DictReader(file))
    for part in (WHOLE, *parts):
        first, step = map(int, (WHOLE if part.startswith(GROWN) else part).split("/"))
        known = set(library[first::step])
        for query in queries:
            trials[part, str(folder / query["file"])] = Trial(query, known)
    return trials


def features_of(tool, folder, trials, parts, grown):
    """The rows that match-features prints. This takes minutes."""
    with tempfile.TemporaryDirectory() as scratch:
        clips = pathlib.Path(scratch) / "clips.txt"
        clips.write_text("".join(clip + "\n" for part, clip in trials if part == WHOLE))
        lists = [str(folder / "library.txt"), str(clips)]

        def ask(*call):
            text = subprocess.run([tool, *call], check=True, stdout=subprocess.PIPE, text=True).stdout
            return list(csv.DictReader(text.splitlines()))

        rows = ask(*lists, *(part for part in parts if not part.startswith(GROWN)))
        for part, index in grown.items():
            if part in parts:
                rows += [{**row, "part": part} for row in ask("--grown", index, *lists)]
    return rows


class Prior:
    """Raw weights, the constant last, that a fit is pulled to. The inputs numbered in `kept` keep their weights; those
    in `at_least_zero` get no negative ones."""

    def __init__(self, raw, strength, kept=(), at_least_zero=()):
        self.raw, self.strength = np.array(raw, float), strength
        self.kept, self.at_least_zero = tuple(kept), tuple(at_least_zero)


class Model:
    def __init__(self, inputs, right, importance, prior=None):
        self.mean = inputs.mean(0)
        self.scale = inputs.std(0) + 1e-9
        if prior is None:
            prior = Prior(np.zeros(inputs.shape[1] + 1), RIDGE)
        self._fit(inputs, right, importance, prior)
        below = [i for i in prior.at_least_zero if self.weights[i] < 0]
        if below:
            raw = prior.raw.copy()
            raw[below] = 0
            self._fit(inputs, right, importance, Prior(raw, prior.strength, (*prior.kept, *below)))

    def _fit(self, inputs, right, importance, prior):
        design = self._design(inputs)
        target = np.r_[prior.raw[:-1] * self.scale, prior.raw[-1] + prior.raw[:-1] @ self.mean]
        free = np.setdiff1d(np.arange(len(target)), prior.kept)
        penalty = np.eye(len(free)) * prior.strength
        penalty[-1, -1] = 0
        self.weights = target.copy()
        for _ in range(50):
            p = self._sigmoid(design @ self.weights)
            curvature = (design[:, free] * (importance * p * (1 - p) + 1e-9)[:, None]).T @ design[:, free] + penalty
            pull = penalty @ (self.weights - target)[free]
            step = np.linalg.solve(curvature, design[:, free].T @ (importance * (p - right)) + pull)
            self.weights[free] -= step
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
        """The weights for unscaled inputs, the constant last."""
        weights = self.weights[:-1] / self.scale
        return [*weights, self.weights[-1] - float(weights @ self.mean)]


def fit(inputs, right, transformed, importance, priors=None):
    return {
        kind: Model(
            inputs[transformed == kind],
            right[transformed == kind],
            importance[transformed == kind],
            priors[kind] if priors else None,
        )
        for kind in (False, True)
    }


def present_weights(names, strength):
    """Priors at the weights that the source has now."""
    text = HEADER.read_text()

    def of(name):
        raw = [float(value) for value in re.search(name + r"\{([^}]*)\}", text)[1].split(",")]
        return Prior(raw, strength, [names.index(KEPT)], [names.index(AT_LEAST_ZERO)])

    return {False: of("kPlainWeights"), True: of("kTransformedWeights")}


def importance_of(trials, keys):
    """Weighs the negatives of each part so that a clip is as likely to be known there as in the whole library.
    Otherwise the weights would learn that small libraries know little."""
    counts = collections.Counter((key[0], trial.is_positive) for key, trial in trials.items())
    odds = counts[WHOLE, False] / counts[WHOLE, True]
    return np.array(
        [1.0 if trials[key].is_positive else odds * counts[key[0], True] / counts[key[0], False] for key in keys]
    )


def predict(models, inputs, transformed):
    result = np.zeros(len(inputs))
    for kind, model in models.items():
        result[transformed == kind] = model.predict(inputs[transformed == kind])
    return result


def report(trials, keys, confidence, right):
    """Prints the accepted share of each cell, at the threshold of each share of false alarms."""
    best = {}
    for i, key in enumerate(keys):
        if key not in best or confidence[i] > confidence[best[key]]:
            best[key] = i
    negatives = sorted(
        (confidence[best[key]] if key in best else 0.0 for key, trial in trials.items() if not trial.is_positive),
        reverse=True,
    )
    for share in FALSE_ALARMS + (None,):
        threshold = 0.5 if share is None else negatives[int(len(negatives) * share)]
        cells = collections.defaultdict(lambda: [0, 0, 0])
        for key, trial in trials.items():
            if not trial.is_positive:
                continue
            cell = cells[trial.query["cell"]]
            cell[0] += 1
            if key in best and right[best[key]]:
                cell[1] += 1
                cell[2] += confidence[best[key]] > threshold
        total = np.sum(list(cells.values()), axis=0)
        alarms = sum(c > threshold for c in negatives)
        print(
            f"threshold {threshold:.4f}: {alarms} false alarms of {len(negatives)}; "
            f"top-1 {100 * total[1] / total[0]:.2f} %, accepted {100 * total[2] / total[0]:.2f} % of {total[0]}"
        )
    print("  ".join(f"{name} {100 * c[1] / c[0]:.0f}/{100 * c[2] / c[0]:.0f}" for name, c in cells.items()))
    chosen = np.array(list(best.values()))
    bins = np.minimum((confidence[chosen] * BINS).astype(int), BINS - 1)
    error = sum(
        abs(confidence[chosen][bins == b].mean() - right[chosen][bins == b].mean()) * (bins == b).mean()
        for b in range(BINS)
        if (bins == b).any()
    )
    print(f"expected calibration error {error:.4f}")


def write_header(path, models, description):
    def line(name, model):
        values = ", ".join(f"{w:.6g}" for w in model.raw_weights())
        return f"inline constexpr ConfidenceWeights {name}{{{values}}};\n"

    path.write_text(
        "#pragma once\n\n"
        f"// Written by eval/train_confidence.py: {description}.\n\n"
        '#include <array>\n\n#include "search/confidence.hpp"\n\nnamespace audio_ident::search {\n\n'
        "/// Weights in the order of kConfidenceInputNames, then the constant.\n"
        "using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;\n\n"
        "// clang-format off\n"
        + line("kPlainWeights", models[False])
        + line("kTransformedWeights", models[True])
        + "// clang-format on\n\n}  // namespace audio_ident::search\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=pathlib.Path, help="folders made by build_queries.py")
    parser.add_argument("--tool", required=True, help="the match-features program")
    parser.add_argument(
        "--parts", default=" ".join(PARTS), help="parts of the library to search as well (default: %(default)s)"
    )
    parser.add_argument(
        "--grown",
        metavar="INDEX",
        action="append",
        default=[],
        help="the first set's library among synthetic tracks, searched as well",
    )
    parser.add_argument("--near", type=float, metavar="STRENGTH", help="pull the weights to the present ones")
    parser.add_argument(
        "--alarms", type=float, default=1, metavar="TIMES", help="how many times a negative counts (default: 1)"
    )
    parser.add_argument("--write", action="store_true", help="write the header")
    parser.add_argument("--report-only", action="store_true", help="judge the confidences as the program gives them")
    arguments = parser.parse_args()

    parts = [] if arguments.report_only else arguments.parts.split()
    grown = {f"{GROWN} {i}": index for i, index in enumerate(arguments.grown, 1)}
    trials = {}
    rows = []
    for i, folder in enumerate(arguments.sets):
        of_set = [*parts, *grown] if i == 0 else parts[-2:-1]
        some = read_trials(folder, of_set)
        trials.update(some)
        rows += features_of(arguments.tool, folder, some, of_set, grown)
    names = list(rows[0])[9:]
    keys = [(row["part"], row["clip"]) for row in rows]
    inputs = np.array([[float(row[name]) for name in names] for row in rows])
    right = np.array([float(row["track"] in trials[key].answers) for row, key in zip(rows, keys)])
    transformed = np.array([row["transformed"] == "1" for row in rows])

    if arguments.report_only:
        report(trials, keys, np.array([float(row["confidence"]) for row in rows]), right)
        took = list({key: float(row["milliseconds"]) for row, key in zip(rows, keys)}.values())
        print(
            f"milliseconds a clip: mean {np.mean(took):.1f}, median {np.median(took):.1f}, "
            f"p95 {np.percentile(took, 95):.1f}"
        )
        return 0

    groups = {group: i for i, group in enumerate(sorted({trial.group for trial in trials.values()}))}
    fold_of_group = np.random.RandomState(0).randint(0, FOLDS, len(groups))
    folds = np.array([fold_of_group[groups[trials[key].group]] for key in keys])
    confidence = np.zeros(len(rows))
    importance = importance_of(trials, keys)
    importance *= [1 if trials[key].is_positive else arguments.alarms for key in keys]
    priors = present_weights(names, arguments.near) if arguments.near else None
    for fold in range(FOLDS):
        out = folds == fold
        models = fit(inputs[~out], right[~out], transformed[~out], importance[~out], priors)
        confidence[out] = predict(models, inputs[out], transformed[out])
    for folder in arguments.sets:
        for part in dict.fromkeys(key[0] for key in trials):
            judged = {key: trial for key, trial in trials.items() if key[0] == part and key[1].startswith(f"{folder}/")}
            if not judged:
                continue
            print(f"{folder.name}, library {part}:")
            chosen = [i for i, key in enumerate(keys) if key in judged]
            report(judged, [keys[i] for i in chosen], confidence[chosen], right[chosen])

    models = fit(inputs, right, transformed, importance, priors)
    for kind, model in models.items():
        print(
            "transformed" if kind else "plain",
            {n: round(float(w), 3) for n, w in zip(names + ["constant"], model.weights)},
        )
    if arguments.write:
        write_header(HEADER, models, f"{len(trials)} searches, clips of {len(groups)} recordings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
