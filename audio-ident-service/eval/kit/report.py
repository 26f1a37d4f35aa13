"""report.md from what score.summarise() found."""

from eval.kit import stats


def _share(hits, count):
    return "" if not count else f"{100 * hits / count:.1f}"


def _number(value, digits=1):
    return "" if value is None else f"{value:.{digits}f}"


def _interval(hits, count):
    low, high = stats.wilson(hits, count)
    return f"{_share(hits, count)} % [{low:.1f}, {high:.1f}] ({hits} of {count})"


def _cell_table(report):
    shares = list(report["what_if_thresholds"])
    lines = [
        "| cell | n | top-1 % | accepted % | "
        + " | ".join(f"at {s} % false alarms" for s in shares)
        + " | false alarms | offset median, p95 ms | query mean, median ms |",
        "|---|---|---|---|" + "---|" * len(shares) + "---|---|---|",
    ]
    for cell, f in report["cells"].items():
        n = f["positives"]
        what_if = " | ".join(_share(f[f"accepted_at_{s}"], n) for s in shares)
        lines.append(
            f"| {cell} | {n} | {_share(f['right'], n)} | {_share(f['accepted'], n)} | {what_if} | "
            f"{f['alarms']} of {f['negatives']} | {_number(f['offset_median_ms'])}, "
            f"{_number(f['offset_p95_ms'])} | {_number(f['ms_mean'])}, {_number(f['ms_median'])} |"
        )
    return lines


def _overall(report):
    f, n = report["all"], report["all"]["positives"]
    lines = [
        f"- top-1: {_interval(f['right'], n)}",
        f"- accepted, the right track with confidence ≥ {report['threshold']:g}: {_interval(f['accepted'], n)}",
        f"- another track of the library accepted instead: {_interval(f['wrong'], n)}",
        f"- false alarms on clips from outside the library: {_interval(f['alarms'], f['negatives'])}",
    ]
    for share, limit in report["what_if_thresholds"].items():
        lines.append(
            f"- accepted if the threshold were {limit:.4g}, which gives at most {share} % false alarms: "
            f"{_interval(f[f'accepted_at_{share}'], n)}"
        )
    if "ece" in report:
        lines.append(f"- expected calibration error of the best match's confidence, 15 bins: {report['ece']:.3f}")
    lines.append(
        f"- offset error of accepted clips: median {_number(f['offset_median_ms'])} ms, "
        f"95th percentile {_number(f['offset_p95_ms'])} ms"
    )
    if f["ms_mean"] is not None:
        lines.append(
            f"- query time: mean {_number(f['ms_mean'])}, median {_number(f['ms_median'])}, "
            f"95th percentile {_number(f['ms_p95'])} ms"
        )
    if f["errors"]:
        lines.append(f"- **{f['errors']} clips gave an error instead of an answer**")
    for cell, figures in report["cells"].items():
        if "both" in figures:
            lines.append(f"- {cell}: both tracks listed for {_interval(figures['both'], figures['positives'])}")
    return lines


def markdown(report):
    made, settings = report["run"], report["set"]["settings"]
    lines = [
        f"# Accuracy of {made['system']}",
        "",
        f"{made['version']}, {made['date']}, {made['cores']} cores ({made['machine']}).",
        f"Corpus {settings['audio']}: {report['set']['library']} tracks indexed "
        f"({_number(made.get('library_hours'), 2)} h); clips from the {settings['half']} half "
        f"({report['set']['tracks']['positive']} tracks, {report['set']['tracks']['negative']} held out), "
        f"seed {settings['seed']}, split seed {settings['split_seed']}.",
        f"Command: `{made['command']}`",
        "",
        "## Over all",
        "",
        *_overall(report),
        "",
        "## By cell",
        "",
        "Offset errors count to the nearest place where the track repeats itself exactly. In cells of changed speed "
        "the offset is that of the clip's first sample.",
        "",
        *_cell_table(report),
        "",
    ]
    if "reliability" in report:
        lines += [
            "## Reliability of confidence",
            "",
            "| confidence | clips | mean confidence | right |",
            "|---|---|---|---|",
        ]
        lines += [f"| {a:.2f}-{b:.2f} | {n} | {c:.3f} | {r:.3f} |" for a, b, n, c, r in report["reliability"]]
        lines.append("")
    return "\n".join(lines)


def summary(report):
    """What the terminal shows at the end."""
    return "\n".join([*_cell_table(report), "", *_overall(report)])
