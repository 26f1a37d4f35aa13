"""The figures of a soak: a table, one JSON, one plot."""

import json
import statistics

from eval.kit.charts import Chart, grid

STEPS = (1, 2, 2.5, 5, 10)


def ticks_up_to(most):
    """Round numbers from 0 to at least the highest value."""
    power = 1e-3
    while True:
        for step in STEPS:
            if power * step * 5 >= most:
                return [power * step * n for n in range(6)]
        power *= 10


def panel(title, unit, samples, outages, curves):
    """curves: name → what it shows of a sample."""
    minutes = samples[-1]["seconds"] / 60
    values = {name: [value(sample) for sample in samples] for name, value in curves.items()}
    heights = ticks_up_to(max(max(each) for each in values.values()))
    chart = Chart(title, "minutes", unit, (0, minutes), (0, heights[-1]))
    chart.axes([tick for tick in ticks_up_to(minutes) if tick <= minutes], heights)
    for outage in outages:
        chart.line((outage / 60, 0), (outage / 60, heights[-1]), "#9ca3af", 1, "4 4")
    for name, each in values.items():
        chart.curve(name, [(sample["seconds"] / 60, value) for sample, value in zip(samples, each)])
    return chart


def add_core_percent(samples):
    """Says in each sample what share of a core the service and its decoders took since the one before."""
    for before, sample in zip([None, *samples], samples):
        sample["core_percent"] = 0.0
        if before and before["pid"] == sample["pid"]:
            seconds = sample["seconds"] - before["seconds"]
            spent = sum(sample[name] - before[name] for name in ("processor_seconds", "decoders_seconds"))
            sample["core_percent"] = max(0.0, 100 * spent / seconds)


def mean_core_percent(samples):
    return statistics.mean(sample["core_percent"] for sample in samples[1:] or samples)


def plot(samples, outages):
    def figure(name):
        return lambda sample: sample[name]

    memory = {
        "service, resident": figure("rss_mb"),
        "service, its own": figure("anonymous_mb"),
        "decoders (PSS)": figure("decoders_pss_mb"),
    }
    files = {"index": figure("index_mb"), "catalog": figure("catalog_mb"), "WAL": figure("wal_mb")}
    return grid(
        [
            panel("Memory", "MB", samples, outages, memory),
            panel(
                "Descriptors and threads",
                "",
                samples,
                outages,
                {"descriptors": figure("descriptors"), "threads": figure("threads"), "decoders": figure("decoders")},
            ),
            panel("Files", "MB", samples, outages, files),
            panel("Processor", "% of a core", samples, outages, {"with decoders": figure("core_percent")}),
        ]
    )


def table(lives):
    """lives: pairs (minutes, flatness figures)."""
    lines = ["| figure | run of the service, minutes | second fifth | last fifth | |", "|---|---|---|---|---|"]
    for minutes, figures in lives:
        for each in figures:
            verdict = "GROWS" if each.grows else "flat" if each.judged else "too short to judge"
            unit = f" {each.limit.unit}".rstrip()
            lines.append(
                f"| {each.limit.text} | {minutes:.1f} | {each.first:.1f}{unit} | {each.last:.1f}{unit} | {verdict} |"
            )
    return "\n".join(lines)


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def of_starts(starts):
    """(median, p95) of how far the starts in the log are from those on the air."""
    off = [abs(start) for start in starts]
    return (statistics.median(off) if off else float("nan")), quantile(off, 0.95)


def write(folder, figures, samples, outages):
    folder.mkdir(parents=True, exist_ok=True)
    rounded = [{name: round(value, 3) for name, value in sample.items()} for sample in samples]
    text = json.dumps({**figures, "samples": rounded}, indent=1, default=vars)
    (folder / "soak.json").write_text(text + "\n")
    (folder / "soak.svg").write_text(plot(samples, outages))


def show(figures, lives):
    print(table(lives))
    print(f"restarts: {', '.join(figures['restarts']) or 'none'}; {figures['longest_restart_seconds']:.1f} s at most")
    if figures["starved_seconds"]:
        print(f"the machine was too busy for {figures['starved_seconds']:.0f} s; what was played then is not judged")
    for name, count in figures["done"].items():
        print(f"{name}: {count}, and {figures['interrupted'][name]} interrupted")
    print(
        f"log: {figures['items_found']} of {figures['items_expected']} items found, {len(figures['twice'])} twice, "
        f"{len(figures['wrong'])} wrong; starts off by {figures['start_median_seconds']:.2f} s (median), "
        f"{figures['start_p95_seconds']:.2f} s (95 %)"
    )
    print(f"processor: {figures['core_percent']:.1f} % of a core in the longest run of the service")
    for failure in figures["failures"]:
        print(f"FAILED {failure[:2000]}")
    print(f"soak: {len(figures['failures'])} failures" if figures["failures"] else "soak: nothing lost, nothing grows")
