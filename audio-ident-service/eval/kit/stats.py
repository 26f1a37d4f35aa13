"""Intervals, calibration error, thresholds and tests of difference."""

import math

import numpy as np


def wilson(hits, count, z=1.96):
    """The 95 % score interval of a share (Wilson, 1927), in percent."""
    if count == 0:
        return 0.0, 100.0
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def binomial_tail(hits, count, share):
    """The chance of at least `hits` of `count` when each has the chance `share`."""
    return sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(hits, count + 1))


def percent(hits, count):
    return 100 * hits / count if count else None


def reliability(confidences, rights, bins=15):
    """Rows (low, high, count, mean confidence, share right) of the filled bins, and the expected calibration error."""
    confidences, rights = np.asarray(confidences, float), np.asarray(rights, float)
    index = np.clip((confidences * bins).astype(int), 0, bins - 1)
    rows, error = [], 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            mean, share = float(confidences[inside].mean()), float(rights[inside].mean())
            rows.append((b / bins, (b + 1) / bins, int(inside.sum()), mean, share))
            error += inside.sum() * abs(mean - share)
    return rows, error / max(1, len(confidences))


def threshold_for(negative_confidences, share):
    """The lowest threshold at which at most `share` of the negatives reach it."""
    ordered = np.sort(np.asarray(negative_confidences, float))[::-1]
    allowed = int(math.floor(share * len(ordered) + 1e-9))
    if allowed >= len(ordered):
        return 0.0
    return float(np.nextafter(ordered[allowed], np.inf))


def mcnemar(only_old, only_new):
    """Two-sided exact p of a difference between two runs on the same clips (McNemar, 1947)."""
    total = only_old + only_new
    if total == 0:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(only_old, only_new) + 1)) / 2**total
    return min(1.0, 2 * tail)


def two_shares(hits_a, count_a, hits_b, count_b):
    """Two-sided p of a difference between two independent shares (normal approximation, pooled)."""
    if not count_a or not count_b:
        return 1.0
    pooled = (hits_a + hits_b) / (count_a + count_b)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / count_a + 1 / count_b))
    return 1.0 if spread == 0 else math.erfc(abs(hits_a / count_a - hits_b / count_b) / spread / math.sqrt(2))


def quantile(values, share):
    return float(np.quantile(values, share)) if len(values) else None
