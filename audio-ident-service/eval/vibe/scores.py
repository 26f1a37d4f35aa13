"""The measures of the vibe lane."""

from collections import Counter

import numpy as np

from eval.kit import stats

MOMENT_SECONDS = 10


def same_source(similar, sources):
    """Average precision and precision among five, for each track whose source has other tracks. `similar`: for each
    track the other ones, most similar first; a missing one was not found."""
    counts = Counter(sources.values())
    precisions, in_five = {}, {}
    for track, others in similar.items():
        related = np.array([sources[other] == sources[track] for other in others], bool)
        if counts[sources[track]] > 1:
            so_far = np.cumsum(related) / np.arange(1, len(related) + 1)
            precisions[track] = float(so_far[related].sum() / (counts[sources[track]] - 1))
            in_five[track] = float(related[:5].sum() / 5)
    return precisions, in_five


def mean_interval(values, draws=2000):
    """Mean and its 95 % bootstrap interval."""
    values, rng = np.asarray(list(values)), np.random.default_rng(1)
    means = values[rng.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    return [round(float(v), 3) for v in (values.mean(), *np.percentile(means, [2.5, 97.5]))]


def own_track(answers, threshold):
    """How many clips find their track first, among five, and above the product's threshold; and how many of those that
    find it at all find the right moment. `answers`: (path, offsets, matches) of each clip, with matches as (path,
    similarity, moment). Offsets: the clip's place in the track, and the places where the track repeats it."""
    counts = dict.fromkeys(("first", "in_five", "accepted", "moment"), 0)
    found = 0
    for path, offsets, matches in answers:
        rank = next((i for i, match in enumerate(matches) if match[0] == path), None)
        if rank is None:
            continue
        _, similarity, moment = matches[rank]
        found += 1
        counts["first"] += rank == 0
        counts["in_five"] += rank < 5
        counts["accepted"] += similarity >= threshold
        counts["moment"] += min(abs(moment - offset) for offset in offsets) <= MOMENT_SECONDS
    out_of = {name: found if name == "moment" else len(answers) for name in counts}
    return {
        name: {
            "hits": hits,
            "of": out_of[name],
            "percent": round(100 * hits / max(1, out_of[name]), 1),
            "interval": [round(v, 1) for v in stats.wilson(hits, out_of[name])],
        }
        for name, hits in counts.items()
    }


def same_answers(answers, count=10):
    """Of the `count` tracks that the clean passage names first, how many the clip also names among its first ones; its
    own track left out. Mean and its 95 % interval. `answers`: (path, matches of the clip, matches of the passage)."""

    def first(matches, own):
        return {match[0] for match in [m for m in matches if m[0] != own][:count]}

    return mean_interval(len(first(heard, own) & first(clean, own)) for own, heard, clean in answers)
