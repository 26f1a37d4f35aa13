#!/usr/bin/env python3
"""Runs clang-tidy in parallel on every source file except tests, and skips files that passed before unchanged.

A file is checked again when it, one of our headers that it includes, its compile command, .clang-tidy or the tool has
changed. Usage: tidy.py [--changed | FILE...]; needs the dev preset configured, as `make lint` does.

--changed checks the files that differ from the base, then files that include a changed header. It stops after
TIDY_LIMIT (30) files and says how many it leaves out. The base is $TIDY_BASE; else the commit where this branch left
origin/main or main; else, on main itself, the newest commit that is six hours older than the last one. Without a base
it checks all."""

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
PRECOMPILED = re.compile(r" -Winvalid-pch -include \S+/cmake_pch\.hxx")  # GCC's: clang cannot read it
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
SEARCH = (SERVICE / "src", SERVICE / "tests", SERVICE / "bench", SERVICE / "fuzz")

_text = {}


def text_of(path):
    if path not in _text:
        _text[path] = path.read_bytes()
    return _text[path]


def reached(path, seen):
    """Adds to `seen`, and returns, every file of ours that `path` includes, directly or not, and itself."""
    if path in seen:
        return seen
    seen.add(path)
    for name in INCLUDE.findall(text_of(path).decode("utf-8", "replace")):
        for folder in (path.parent, *SEARCH):
            if (folder / name).is_file():
                reached((folder / name).resolve(), seen)
                break
    return seen


def key_of(path, command, common):
    digest = hashlib.sha256(common + command.encode())
    for name in sorted(reached(path, set())):
        digest.update(str(name.relative_to(ROOT)).encode() + b"\0" + text_of(name))
    return digest.hexdigest()


def run(path):
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(CACHE), "--extra-arg=-Wno-unknown-warning-option", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def git(*arguments):
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def base():
    """The commit that changes are counted from, or nothing."""
    if os.environ.get("TIDY_BASE"):
        return os.environ["TIDY_BASE"]
    head = git("rev-parse", "HEAD")
    for branch in ("origin/main", "main"):
        found = git("merge-base", "HEAD", branch)
        if found and found != head:
            return found
    last = git("log", "-1", "--format=%ct")
    return git("rev-list", "-1", f"--before={int(last) - 6 * 3600}", "HEAD") if last else ""


def choose(files):
    """Of `files`, which map a path to all it reaches: those that changed, then those that reach a changed header."""
    start = base()
    if not start:
        return list(files)
    listing = git("diff", "--name-only", start) + "\n" + git("ls-files", "--others", "--exclude-standard")
    changed = {ROOT / name for name in listing.splitlines()}
    own = [path for path in files if path in changed]
    reaching = [path for path in files if path not in changed and files[path] & changed]
    reaching.sort(key=lambda path: -len(files[path] & changed))
    limit = int(os.environ.get("TIDY_LIMIT", "30"))
    found = own + reaching
    print(f"tidy: since {start[:10]} {len(own)} files changed, and headers of {len(reaching)} more", file=sys.stderr)
    if len(found) > limit:
        print(f"tidy: {len(found) - limit} of them are LEFT OUT here; `make lint-all` checks them", file=sys.stderr)
    return found[:limit]


def main():
    database = BUILD / "compile_commands.json"
    if not database.is_file():
        sys.exit("tidy: no compile_commands.json; run `cmake --preset dev` in audio-ident-service")
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    common = version + text_of(ROOT / ".clang-tidy")
    CACHE.mkdir(parents=True, exist_ok=True)
    arguments = sys.argv[1:]
    unknown = [name for name in arguments if name != "--changed" and not pathlib.Path(name).is_file()]
    if unknown:
        sys.exit(f"tidy: no such file: {', '.join(unknown)}")
    wanted = {pathlib.Path(name).resolve() for name in arguments if name != "--changed"}
    entries = json.loads(PRECOMPILED.sub("", database.read_text()))
    (CACHE / "compile_commands.json").write_text(json.dumps(entries))
    commands = {}
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if path.suffix != ".cpp" or not path.is_relative_to(SERVICE) or path.is_relative_to(SERVICE / "build"):
            continue
        # Tests are half of all lines, and GoogleTest's macros make them the slower half. The sanitizers cover them.
        if path not in wanted and (wanted or path.is_relative_to(SERVICE / "tests")):
            continue
        commands[path] = entry["command"]
    chosen = choose({path: reached(path, set()) for path in commands}) if "--changed" in arguments else list(commands)
    work = [(path, key) for path in chosen if not (CACHE / (key := key_of(path, commands[path], common))).exists()]

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
