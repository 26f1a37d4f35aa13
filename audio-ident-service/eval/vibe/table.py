"""The figures of run_vibe.py as Markdown, with ten tracks' answers for a person to read."""

import os

QUERIES, ANSWERS, TAGS = 10, 5, 3


def text(report, tracks, folder):
    speed = report["speed"]
    lines = [
        f"{report['tracks']} tracks from {report['sources']} sources, a clip of each in every cell; "
        f"{report['model']}, seed {report['seed']}, {report['date']}. Embedding: {speed['embedding_x']:.0f} s of audio "
        f"a second of processor time, {speed['with_decoding_x']:.0f} with decoding.",
        "",
        "| same source, 95 % intervals | mean average precision | precision among five | behind audio-ident, track by "
        "track |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {_interval(s['map'])} | {_interval(s['precision_5'])} | "
        f"{_interval(s['behind']) if number else ''} |"
        for number, (name, s) in enumerate(report["same_source"].items())
    ]
    lines += [
        "",
        "| clip | top-1 % | top-5 % | named (0.60 or more) % | best moment within 10 s, % | of the clean passage's ten "
        "|",
        "|---|---|---|---|---|---|",
    ]
    for name, cell in report["cells"].items():
        lines.append(
            " | ".join(
                [f"| {name.replace('_', ' ')}", *(_share(cell[k]) for k in ("first", "in_five", "accepted", "moment"))]
            )
            + f" | {_interval(cell['same_ten'], 1) if 'same_ten' in cell else ''} |"
        )
    lines += ["", "| track | what sounds like it |", "|---|---|"]
    paths = sorted(tracks)
    for path in paths[:: max(1, len(paths) // QUERIES)][:QUERIES]:
        answers = (
            f"{_name(other, tracks, folder)} {similarity:.2f}"
            for other, similarity, _ in tracks[path]["similar"][:ANSWERS]
        )
        lines.append(f"| {_name(path, tracks, folder)} | {'<br>'.join(answers)} |")
    return "\n".join(lines) + "\n"


def _interval(values, digits=2):
    mean, low, high = (f"{value:.{digits}f}" for value in values)
    return f"{mean} ({low} to {high})"


def _share(share):
    low, high = share["interval"]
    return f"{share['percent']:.0f} ({low:.0f} to {high:.0f})"


def _name(path, tracks, folder):
    place = os.path.relpath(path, folder).removeprefix("music" + os.sep).replace("|", "\\|")
    return f"{place} ({', '.join(list(tracks[path]['tags'])[:TAGS])})"
