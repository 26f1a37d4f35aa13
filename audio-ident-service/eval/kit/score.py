"""Answers against the truth: one outcome a clip, then figures a cell and over all."""

import os
from collections import defaultdict

from eval.kit import stats

ALLOWED_ALARMS = (0.005, 0.02)  # shares of false alarms for the what-if thresholds


def judge(row, answer):
    """The outcome of one clip, without any threshold."""
    out = {
        "cell": row["cell"],
        "kind": row["kind"],
        "confidence": None,
        "right": False,
        "offset_ms": None,
        "ms": answer.milliseconds,
        "error": answer.error,
        "matched": "",
    }
    if not answer.matches:
        return out
    top = answer.matches[0]
    out.update(confidence=top.confidence, matched=top.path)
    if row["kind"] == "negative":
        return out
    places = {os.path.realpath(row["track"]): [row["offset_seconds"], *filter(None, row["other_offsets"].split(";"))]}
    if row["also_track"]:
        places.setdefault(os.path.realpath(row["also_track"]), []).append(row["also_offset_seconds"])
        found = {os.path.realpath(m.path) for m in answer.matches}
        out["both"] = all(path in found for path in places)
    true = places.get(os.path.realpath(top.path))
    if true:
        out["right"] = True
        out["offset_ms"] = 1000 * min(abs(top.offset_seconds - float(o)) for o in true)
        if top.time_ratio is not None:
            out["time_ratio_error"] = top.time_ratio / float(row["time_ratio"]) - 1
    return out


def _figures(outcomes, threshold, what_if):
    positives = [o for o in outcomes if o["kind"] == "positive"]
    negatives = [o for o in outcomes if o["kind"] == "negative"]
    right = [o for o in positives if o["right"]]
    accepted = [o for o in right if o["confidence"] >= threshold]
    alarms = [o for o in negatives if o["confidence"] is not None and o["confidence"] >= threshold]
    wrong = [o for o in positives if o["confidence"] is not None and not o["right"] and o["confidence"] >= threshold]
    offsets = [o["offset_ms"] for o in accepted]
    times = [o["ms"] for o in outcomes if o["ms"] is not None]
    out = {
        "positives": len(positives),
        "right": len(right),
        "accepted": len(accepted),
        "wrong": len(wrong),
        "negatives": len(negatives),
        "alarms": len(alarms),
        "errors": sum(bool(o["error"]) for o in outcomes),
        "offset_median_ms": stats.quantile(offsets, 0.5),
        "offset_p95_ms": stats.quantile(offsets, 0.95),
        "ms_mean": sum(times) / len(times) if times else None,
        "ms_median": stats.quantile(times, 0.5),
        "ms_p95": stats.quantile(times, 0.95),
    }
    for share, limit in what_if.items():
        out[f"accepted_at_{share}"] = sum(o["confidence"] >= limit for o in right)
    ratios = [abs(o["time_ratio_error"]) for o in accepted if "time_ratio_error" in o]
    if ratios:
        out["time_ratio_error_median"] = stats.quantile(ratios, 0.5)
    if any("both" in o for o in positives):
        out["both"] = sum(o.get("both", False) for o in positives)
    return out


def summarise(outcomes, threshold, calibrated):
    """Everything report.json says about the answers."""
    by_cell = defaultdict(list)
    for outcome in outcomes:
        by_cell[outcome["cell"]].append(outcome)
    negative = [o["confidence"] if o["confidence"] is not None else -1.0 for o in outcomes if o["kind"] == "negative"]
    what_if = {f"{100 * share:g}": stats.threshold_for(negative, share) for share in ALLOWED_ALARMS}
    out = {
        "threshold": threshold,
        "what_if_thresholds": what_if,
        "cells": {cell: _figures(found, threshold, what_if) for cell, found in by_cell.items()},
        "all": _figures(outcomes, threshold, what_if),
    }
    if calibrated:
        matched = [o for o in outcomes if o["confidence"] is not None]
        rows, error = stats.reliability([o["confidence"] for o in matched], [o["right"] for o in matched])
        out["reliability"], out["ece"] = rows, error
    return out


def letter(outcome, threshold):
    """A accepted and right, r right but below the threshold, X accepted and wrong, x wrong below it, - no match."""
    if outcome["confidence"] is None:
        return "-"
    return ("Ar" if outcome["right"] else "Xx")[outcome["confidence"] < threshold]
