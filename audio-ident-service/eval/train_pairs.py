"""Fits the constants of chance_of() and share_of_span() in src/search/lookups.cpp: which pairs of peaks to look up.

    python3 -m eval.build_queries --half dev --out SET …
    build/release/eval/pair-hits SET/library.txt CLIPS.txt > pairs.csv     # CLIPS.txt: the paths of SET's clips
    python3 -m eval.train_pairs pairs.csv

The fit is a logistic regression (Newton's method). Its inputs are the contrasts of the two peaks and the logarithm of
the second peak's rank among the first one's partners, each with its square."""

import argparse
import csv

import numpy as np


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = (np.array([float(row[name]) for row in rows]) for name in ("first", "second", "rank", "rest"))
    return *numbers, [row["hit"] for row in rows]


def fit(inputs, right):
    mean, scale = inputs.mean(0), inputs.std(0)
    design = np.c_[np.ones(len(inputs)), (inputs - mean) / scale]
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(right.mean() / (1 - right.mean()))

    def loss(w):
        return np.mean(np.logaddexp(0, design @ w) - right * (design @ w))

    while True:
        p = 1 / (1 + np.exp(-design @ weights))
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design, design.T @ (right - p))
        length = 1.0
        while length > 1e-6 and loss(weights + length * step) > loss(weights):
            length /= 2
        if loss(weights) - loss(weights + length * step) < 1e-10:
            break
        weights += length * step
    raw = weights[1:] / scale
    return np.r_[weights[0] - raw @ mean, raw]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", help="what pair-hits printed")
    first, second, rank, rest, hit = read(parser.parse_args().pairs)
    by_rank = np.log1p(rank)
    right = np.array([float(h != "none") for h in hit])
    weights = fit(np.c_[first, first**2, second, second**2, by_rank, by_rank**2], right)
    print(f"{len(right)} pairs, {100 * right.mean():.2f} % hit")
    print("chance_of: constant, first, its square, second, its square, log(1 + rank), its square")
    print("  " + ", ".join(f"{w:.4f}" for w in weights))
    print("share_of_span: of the hits, by what lies beside the nearest span")
    side = np.array([np.nan if h == "none" else float(h) for h in hit]) * np.sign(rest)
    hits = right > 0
    for name, away in (("nearest", 0), ("the side of the rest", 1), ("the other side", -1)):
        slope, constant = np.polyfit(np.abs(rest[hits]), (side[hits] == away).astype(float), 1)
        print(f"  {name}: {constant:.3f} {slope:+.3f} |rest|")


if __name__ == "__main__":
    main()
