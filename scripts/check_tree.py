#!/usr/bin/env python3
"""Checks rules that no compiler checks: includes point one way, and no file names the machine it was written on."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "audio-ident-service" / "src"

# A folder may include itself and folders of a lower rank (docs/architecture.md), but no other folder of its own rank.
RANKS = [
    ["core"],
    ["util"],
    ["lib", "config"],
    ["audio", "dsp"],
    ["fingerprint", "embedding"],
    ["catalog", "index", "storage"],
    ["ingest"],
    ["search"],
    ["calibration", "timeline"],
    ["live", "monitor"],
    ["library", "jobs", "http"],
    ["api"],
    ["cli"],
    ["app"],
]
# Exceptions: uses within one rank.
ALLOWED = set()
# A folder that may use these and nothing else, whatever its rank: http/ knows no music.
CONFINED = {"http": {"core", "util", "lib"}}
RANK = {folder: rank for rank, folders in enumerate(RANKS) for folder in folders}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)

FORBIDDEN = [
    (
        re.compile(r"(?<![\w.~])/(?:work|farm|tmp/bash_jobs|root|home/(?!you\b|user\b|me\b)\w+)(?:/|\b)"),
        "a path of one machine",
    ),
    (
        re.compile(r"https?://[^\s\"'/)]*(?:registry\.|pypi\.|pythonhosted|crates\.io|proxy\.golang|npmjs)", re.I),
        "a package registry's address",
    ),
]
BINARY = {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".wav", ".png", ".webp", ".onnx", ".bin"}


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return [ROOT / name.decode() for name in names.split(b"\0") if name]


def include_findings():
    for path in sorted(SOURCE.rglob("*.[ch]pp")):
        folder = path.relative_to(SOURCE).parts[0]
        if path.parent == SOURCE:
            continue
        if folder not in RANK:
            yield f"{path.relative_to(ROOT)}: folder {folder} has no rank in scripts/check_tree.py"
            continue
        for name in INCLUDE.findall(path.read_text()):
            if not (SOURCE / name).is_file():
                yield f'{path.relative_to(ROOT)}: "{name}" is not a file under src/'
                continue
            other = name.split("/")[0]
            if other == folder or (folder, other) in ALLOWED:
                continue
            confined = other not in CONFINED.get(folder, {other})
            if confined or RANK.get(other, len(RANKS)) >= RANK[folder]:
                yield f'{path.relative_to(ROOT)}: {folder} must not include "{name}"'


def text_findings():
    for path in tracked():
        if path.suffix in BINARY or not path.is_file() or path == pathlib.Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for pattern, what in FORBIDDEN:
                if pattern.search(line):
                    yield f"{path.relative_to(ROOT)}:{number}: names {what}: {line.strip()[:100]}"


findings = [*include_findings(), *text_findings()]
for finding in findings:
    print(finding)
sys.exit(1 if findings else 0)
