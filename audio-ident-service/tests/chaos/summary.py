"""The log and the table of a run."""

import json
import statistics
import time


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def of_outages(outages):
    """Rows (part, how, times, median and longest recovery in seconds)."""
    rows = []
    kinds = sorted({(each.part.split()[0], each.how) for each in outages})
    for kind, how in kinds:
        mine = [each for each in outages if each.part.split()[0] == kind and each.how == how and each.normal]
        times = [each.recovery for each in mine]
        if times:
            rows.append((kind, how, len(mine), round(statistics.median(times), 1), round(max(times), 1)))
    return rows


def of_seconds(seconds):
    return {
        when: {"searches": len(times), "median": quantile(times, 0.5), "p95": quantile(times, 0.95), "max": max(times)}
        for when, times in seconds.items()
        if times
    }


def text_of(figures):
    lines = ["part       how     times  normal again after: median, longest (s)"]
    lines += [f"{row[0]:10} {row[1]:7} {row[2]:5}  {row[3]:25} {row[4]:8}" for row in figures["outages by kind"]]
    lines += ["", "kind     outcomes"]
    for kind, outcomes in figures["clients"].items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        lines.append(f"{kind:8} {told}")
    lines += ["", "searches    number  median     95 %  longest (s)"]
    for when, row in figures["search seconds"].items():
        lines.append(f"{when:8} {row['searches']:9} {row['median']:7.2f} {row['p95']:8.2f} {row['max']:12.2f}")
    lines += ["", *(f"{name}: {value}" for name, value in figures["end"].items())]
    lines += ["", f"{len(figures['failures'])} failures", *figures["failures"]]
    return "\n".join(lines) + "\n"


def write(folder, figures, outages, logs):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chaos.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / "summary.txt").write_text(text_of(figures))
    with open(folder / "events.log", "w") as file:
        for each in outages:
            at = time.strftime("%H:%M:%S", time.localtime(each.began))
            back = f"{each.returned - each.began:.1f}" if each.returned else "never"
            normal = f"{each.recovery:.1f}" if each.normal and each.returned else "never"
            file.write(f"{at} {each.part} {each.how}; back after {back} s; normal {normal} s later\n")
    for name, text in logs.items():
        (folder / f"{name.replace(' ', '-')}.log").write_text(text)
