"""Measures how soon the live answer knows a track, on clips that eval.build_queries --live makes.

Gives each clip to the live answer in pieces, as a microphone would (eval/live_answers.cpp), and the whole clip to the
search. Prints a table and writes it, with all figures, into SET/report-live/."""

import argparse
import csv
import datetime
import json
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
THRESHOLD = 0.5  # of the search


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("set", type=Path, help="folder made by eval.build_queries --live")
    p.add_argument("--tool", type=Path, default=HERE.parent / "build" / "release" / "eval" / "live-answers")
    args = p.parse_args()
    if not args.tool.is_file():
        p.error(f"{args.tool} does not exist; build it with `make tools` or give --tool")
    return args


def ask(tool, folder, rows):
    """The tool's answers, in the order of the rows."""
    clips = folder / "clips.txt"
    clips.write_text("".join(f"{folder.resolve() / row['file']}\n" for row in rows), encoding="utf-8")
    done = subprocess.run([tool, folder / "library.txt", clips], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def judge(row, answer):
    """What became of one clip: needed seconds of the first right match, whether anything wrong was claimed."""
    right = {row["track"], row["also_track"]} - {""} if row["kind"] == "positive" else set()
    first = answer["matches"][0] if answer["matches"] else None
    needed = next((match[0] for match in answer["matches"] if match[1] in right), None)
    searched = answer["search"] if answer["search"] and answer["search"][1] >= THRESHOLD else None
    return {
        "cell": row["cell"],
        "positive": bool(right),
        "needed": needed,
        "wrong": sum(match[1] not in right for match in answer["matches"]),
        "first_wrong": bool(first and first[1] not in right),
        "search_right": bool(searched and searched[0] in right),
        "search_wrong": bool(searched and searched[0] not in right),
        "milliseconds": answer["milliseconds"],
    }


def quantile(values, share):
    """None when fewer than that share of `values` are known; None in `values` counts as never."""
    known = sorted(value for value in values if value is not None)
    place = min(len(values) - 1, int(share * len(values))) if values else 0
    return known[place] if place < len(known) else None


def figures_of(outcomes):
    positives = [o for o in outcomes if o["positive"]]
    strangers = [o for o in outcomes if not o["positive"]]
    needed = [o["needed"] for o in positives]
    return {
        "positives": len(positives),
        "found": sum(n is not None for n in needed),
        "found_by_search": sum(o["search_right"] for o in positives),
        "median_seconds": quantile(needed, 0.5),
        "p95_seconds": quantile(needed, 0.95),
        "wrong_claims": sum(o["wrong"] for o in positives),
        "strangers": len(strangers),
        "false_alarms": sum(o["wrong"] > 0 for o in strangers),
        "false_alarms_of_search": sum(o["search_wrong"] for o in strangers),
        "milliseconds": round(sum(o["milliseconds"] for o in outcomes) / max(1, len(outcomes))),
    }


def summarise(outcomes):
    cells = list(dict.fromkeys(o["cell"] for o in outcomes))
    result = {cell: figures_of([o for o in outcomes if o["cell"] == cell]) for cell in cells}
    result["all"] = figures_of(outcomes)
    return result


def table(summary):
    def seconds(value):
        return "" if value is None else f"{value:.1f} s"

    lines = [
        "| clips | found | by the search | median | p95 | false alarms | of the search | processor time |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cell, f in summary.items():
        found = f"{f['found']} of {f['positives']}" if f["positives"] else ""
        by_search = f["found_by_search"] if f["positives"] else ""
        lines.append(
            f"| {cell} | {found} | {by_search} | {seconds(f['median_seconds'])} | {seconds(f['p95_seconds'])} "
            f"| {f['false_alarms']} of {f['strangers']} | {f['false_alarms_of_search']} | {f['milliseconds']} ms |"
        )
    return "\n".join(lines)


def main():
    args = parse()
    with open(args.set / "queries.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answers = ask(args.tool, args.set, rows)
    if len(answers) != len(rows):
        sys.exit(f"{len(answers)} answers for {len(rows)} clips")
    summary = summarise([judge(row, answer) for row, answer in zip(rows, answers)])
    folder = args.set / "report-live"
    folder.mkdir(exist_ok=True)
    (folder / "report.md").write_text(table(summary) + "\n")
    report = {
        "figures": summary,
        "set": json.loads((args.set / "set.json").read_text()),
        "command": shlex.join(["run_live.py", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
    }
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    print(table(summary))


if __name__ == "__main__":
    main()
