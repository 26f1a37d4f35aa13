"""Writes measured figures into the documents: the tables of docs/evaluation.md, and the SVG figures beside it.

    python3 -m eval.publish [REPORT.json ...] [--scale SCALE.json]

Each REPORT.json, written by eval.run for audio-ident or a peer, replaces that system's report in eval/results.
SCALE.json, written by bench.scale, replaces the scale report. Then the documents are written from eval/results. Without
arguments, only this last step runs."""

import argparse
import json
import re
import textwrap
from pathlib import Path

from bench import scale
from eval.kit import charts, stats

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
DOCS = HERE.parents[1] / "docs"
PEERS = {"audfprint": "audfprint", "olaf": "Olaf", "panako": "Panako"}


def slim(report):
    """The parts of a report that the documents need, without single clips and without paths of this machine."""
    settings = {k: v for k, v in report["set"]["settings"].items() if k not in ("audio", "pools")}
    run = {k: v for k, v in report["run"].items() if k != "command"}
    keep = ("threshold", "what_if_thresholds", "cells", "all", "reliability", "ece")
    return {
        "run": run,
        "set": {**report["set"], "settings": settings, "related": None},
        **{k: report[k] for k in keep if k in report},
    }


def load():
    return {path.stem: json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json")) if path.stem != "scale"}


def share(hits, count):
    return f"{100 * hits / count:.0f}" if count else ""


def per_cell(reports):
    own, peers = reports["audio-ident"], [(t, reports[n]) for n, t in PEERS.items() if n in reports]
    lines = [
        "| cell | top-1 % | accepted % | false alarms | offset error, median ms | "
        + " | ".join(f"{title}: top-1 %; false alarms" for title, _ in peers)
        + " |",
        "|---" * (5 + len(peers)) + "|",
    ]
    for cell, f in own["cells"].items():
        n, offset = f["positives"], f["offset_median_ms"]
        row = [
            cell.replace("_", " "),
            share(f["right"], n),
            share(f["accepted"], n),
            f"{f['alarms']} of {f['negatives']}",
            "" if offset is None else f"{offset:.1f}",
        ]
        for _, report in peers:
            p = report["cells"].get(cell)
            row.append(
                "" if p is None else "; ".join(filter(None, [share(p["right"], p["positives"]), str(p["alarms"])]))
            )
        lines.append("| " + " | ".join(row) + " |")
    return lines


def interval(hits, count):
    low, high = stats.wilson(hits, count)
    return f"{100 * hits / count:.1f} ({low:.1f} to {high:.1f})"


def overall(reports):
    names = {"audio-ident": "audio-ident", **PEERS}
    lines = [
        "| all cells, 95 % intervals | " + " | ".join(names[n] for n in names if n in reports) + " |",
        "|---" * (1 + len(reports)) + "|",
    ]
    shown = [reports[n] for n in names if n in reports]

    def row(title, value):
        lines.append(f"| {title} | " + " | ".join(value(r, r["all"]) for r in shown) + " |")

    row("top-1 %", lambda r, f: interval(f["right"], f["positives"]))
    row("accepted % (peers: any match is one)", lambda r, f: interval(f["accepted"], f["positives"]))
    row("another track accepted %", lambda r, f: interval(f["wrong"], f["positives"]))
    row("false alarms %", lambda r, f: interval(f["alarms"], f["negatives"]))
    row(
        "accepted % at the threshold that leaves at most 0.5 % false alarms",
        lambda r, f: interval(f["accepted_at_0.5"], f["positives"]),
    )
    row(
        "offset error, median; 95th percentile, ms",
        lambda r, f: f"{f['offset_median_ms']:.1f}; {f['offset_p95_ms']:.0f}",
    )
    row(
        "data stored, MB an hour of music",
        lambda r, f: f"{r['run']['data_bytes'] / 1e6 / r['run']['library_hours']:.2f}",
    )
    return lines


def about(reports):
    own = reports["audio-ident"]
    made, settings = own["run"], own["set"]["settings"]
    return [
        f"{own['set']['library']} tracks indexed ({made['library_hours']:.2f} h), clips of "
        f"{own['set']['tracks']['positive']} of them and of {own['set']['tracks']['negative']} from outside, "
        f"{settings['positives']} and {settings['negatives']} a cell; seed {settings['seed']}, "
        f"split seed {settings['split_seed']}; {made['date']}. Expected calibration error {own['ece']:.3f} (15 bins)."
    ]


def scale_section(sizes):
    first, last = sizes[0], sizes[-1]
    return [
        *scale.HEADER,
        *(scale.line(m) for m in sizes),
        "",
        f"Clips: {last['all']['positives']} from the library, {last['all']['negatives']} from outside, "
        f"{last['warm_ms']['count']} of them of 5 s; cold: {last['cold_ms']['count']}. "
        f"Taken for a synthetic track in the largest library: {last['to_synthetic']}. Landmarks meet "
        f"{last['postings_per_clip_hour'] / first['postings_per_clip_hour']:.2f} times as often there "
        f"as in the {first['library']['hours']:.1f} h of real music alone.",
    ]


def fill(text, name, lines):
    """Replaces the text between the two marks of this name; wraps all lines except tables."""
    text_lines = (textwrap.wrap(line, 120) if line and not line.startswith("|") else [line] for line in lines)
    lines = [part for parts in text_lines for part in parts]
    begin, end = f"<!-- {name}: written by eval/publish.py -->\n", f"<!-- end of {name} -->"
    found, count = re.subn(
        re.escape(begin) + ".*?" + re.escape(end),
        lambda _: begin + "\n".join(lines) + "\n" + end,
        text,
        flags=re.DOTALL,
    )
    if count != 1:
        raise SystemExit(f"docs/evaluation.md: the marks of {name} are missing")
    return found


def draw(reports):
    named = [(t, reports[n]) for n, t in {"audio-ident": "audio-ident", **PEERS}.items() if n in reports]
    (DOCS / "accepted-over-snr.svg").write_text(charts.compare_over_snr(named))
    (DOCS / "accepted-over-length.svg").write_text(charts.compare_over_length(named))
    (DOCS / "reliability.svg").write_text(charts.reliability(reports["audio-ident"]))


def main(arguments=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("report", nargs="*", type=Path, help="report.json of run.py")
    p.add_argument("--scale", type=Path, help="what bench/scale.py --out wrote")
    args = p.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    for path in args.report:
        report = json.loads(path.read_text())
        (RESULTS / f"{report['run']['system']}.json").write_text(json.dumps(slim(report), indent=1) + "\n")
    if args.scale:
        (RESULTS / "scale.json").write_text(json.dumps(json.loads(args.scale.read_text()), indent=1) + "\n")
    reports = load()
    document = DOCS / "evaluation.md"
    text = fill(document.read_text(), "test half", [*about(reports), "", *overall(reports), "", *per_cell(reports)])
    if (RESULTS / "scale.json").is_file():
        text = fill(text, "scale", scale_section(json.loads((RESULTS / "scale.json").read_text())["sizes"]))
    document.write_text(text)
    draw(reports)


if __name__ == "__main__":
    main()
