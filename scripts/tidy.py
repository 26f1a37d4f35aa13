#!/usr/bin/env python3
"""Runs clang-tidy in parallel on every source file except tests, and skips files that passed before unchanged.

A file is checked again when it, one of our headers that it includes, its compile command, .clang-tidy or the tool has
changed. Usage: tidy.py [FILE...]; needs the dev preset configured, as `make lint` does."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = ROOT / "audio-ident-service"
BUILD = SERVICE / "build" / "dev"
CACHE = SERVICE / "build" / "tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
SEARCH = (SERVICE / "src", SERVICE / "tests", SERVICE / "bench", SERVICE / "fuzz")

_text = {}


def text_of(path):
    if path not in _text:
        _text[path] = path.read_bytes()
    return _text[path]


def reached(path, seen):
    """Every file of ours that `path` includes, directly or not, itself first."""
    if path in seen:
        return
    seen.add(path)
    for name in INCLUDE.findall(text_of(path).decode("utf-8", "replace")):
        for folder in (path.parent, *SEARCH):
            if (folder / name).is_file():
                reached((folder / name).resolve(), seen)
                break


def key_of(path, command, common):
    digest = hashlib.sha256(common + command.encode())
    files = set()
    reached(path, files)
    for name in sorted(files):
        digest.update(str(name.relative_to(ROOT)).encode() + b"\0" + text_of(name))
    return digest.hexdigest()


def run(path):
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(BUILD), "--extra-arg=-Wno-unknown-warning-option", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def main():
    database = BUILD / "compile_commands.json"
    if not database.is_file():
        sys.exit("tidy: no compile_commands.json; run `cmake --preset dev` in audio-ident-service")
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    common = version + text_of(ROOT / ".clang-tidy")
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = {pathlib.Path(name).resolve() for name in sys.argv[1:]}
    work = []
    for entry in json.loads(database.read_text()):
        path = pathlib.Path(entry["file"])
        if path.suffix != ".cpp" or not path.is_relative_to(SERVICE) or path.is_relative_to(SERVICE / "build"):
            continue
        # Tests are half of all lines, and GoogleTest's macros make them the slower half. The sanitizers cover them.
        if path not in wanted and (wanted or path.is_relative_to(SERVICE / "tests")):
            continue
        key = key_of(path, entry["command"], common)
        if not (CACHE / key).exists():
            work.append((path, key))

    findings = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {pool.submit(run, path): (path, key) for path, key in work}
        for number, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            path, key = jobs[job]
            code, output = job.result()
            if code:
                findings += 1
                print(output)
            else:
                (CACHE / key).touch()
            print(f"tidy: {number}/{len(work)} {path.relative_to(SERVICE)}", file=sys.stderr)
    if findings:
        sys.exit(f"tidy: {findings} of {len(work)} files have findings")


main()
