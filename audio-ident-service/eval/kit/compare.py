"""Two reports side by side: what changed, cell by cell, and whether it could be chance."""

from eval.kit import stats


def _pairs(old, new, cell, good):
    """Clips of one cell that only the old, only the new run got right; None when the clips differ."""
    a, b = ({k: v for k, v in r["outcomes"].items() if cell is None or k.split("/")[-2] == cell} for r in (old, new))
    if a.keys() != b.keys():
        return None
    return (sum(a[k] in good and b[k] not in good for k in a), sum(b[k] in good and a[k] not in good for k in a))


def _p(old, new, cell, figures, good, hits, count):
    before, after = figures
    pairs = _pairs(old, new, cell, good) if old["set"]["settings"] == new["set"]["settings"] else None
    if pairs is not None:
        return stats.mcnemar(*pairs)
    return stats.two_shares(before[hits], before[count], after[hits], after[count])


def compare(old, new):
    """Lines of text. * marks p < 0.05, ** p < 0.01, of a two-sided test on the same clips where they are the same."""
    lines = [f"{'cell':<20} {'top-1 %':>16} {'accepted %':>16} {'false alarms':>16} {'offset median ms':>18}"]
    rows = [(c, old["cells"][c], new["cells"][c]) for c in new["cells"] if c in old["cells"]]
    rows.append((None, old["all"], new["all"]))
    for cell, before, after in rows:
        columns = [f"{cell or 'all':<20}"]
        for hits, count, good in (
            ("right", "positives", "Ar"),
            ("accepted", "positives", "A"),
            ("alarms", "negatives", None),
        ):
            if not before[count] or not after[count]:
                columns.append(f"{'':>16}")
                continue
            if good is None:
                p = stats.two_shares(before[hits], before[count], after[hits], after[count])
            else:
                p = _p(old, new, cell, (before, after), good, hits, count)
            a, b = (100 * f[hits] / f[count] for f in (before, after))
            columns.append(f"{a:6.1f} → {b:5.1f}{'**' if p < 0.01 else '*' if p < 0.05 else '':<2}")
        columns.append(
            " → ".join(
                "-" if f["offset_median_ms"] is None else f"{f['offset_median_ms']:.1f}" for f in (before, after)
            )
        )
        lines.append(" ".join(columns))
    missing = sorted(set(old["cells"]) ^ set(new["cells"]))
    if missing:
        lines.append(f"only in one of them: {', '.join(missing)}")
    if "ece" in old and "ece" in new:
        lines.append(f"calibration error {old['ece']:.3f} → {new['ece']:.3f}")
    return lines
