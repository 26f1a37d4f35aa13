"""Which audio there is, and how it is split: library or held out, dev or test half.

A folder with manifest.csv (path, kind, source, artist, …) is read through it; any other folder is walked, files below
a folder called noise, speech or rir are of that kind, everything else is music and its folder is its source.
"""

import csv
import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = {".mp3", ".flac", ".wav", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma", ".webm", ".mka"}
NO_ARTIST = {"", "artist", "unknown", "unknown artist", "various", "various artists", "n/a"}


@dataclass
class Item:
    path: str  # absolute
    kind: str  # music, noise, speech or rir
    source: str
    artist: str = ""
    role: str = ""  # library or heldout, for music
    half: str = ""  # dev or test
    group: int = 0


def scan(folder):
    folder = Path(folder).resolve()
    manifest = folder / "manifest.csv"
    if manifest.is_file():
        with open(manifest, newline="", encoding="utf-8") as rows:
            items = [
                Item(
                    str(folder / r["path"]),
                    r["kind"],
                    r.get("source") or str(Path(r["path"]).parent),
                    (r.get("artist") or "").strip().lower(),
                )
                for r in csv.DictReader(rows)
            ]
        return [i for i in items if os.path.isfile(i.path)]
    items = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file() and "\n" not in str(path):
            parts = path.relative_to(folder).parts[:-1]
            kind = next((k for k in ("noise", "speech", "rir") if k in parts), "music")
            items.append(Item(str(path), kind, "/".join(parts)))
    return items


def group_music(music, related):
    """Numbers groups that share a source, an artist or, per the index pairs `related`, sound."""
    parent = list(range(len(music)))

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(key):
        first = {}
        for i, item in enumerate(music):
            if key(item) is not None:
                parent[find(i)] = find(first.setdefault(key(item), i))

    by_source = len({item.source for item in music}) >= 8
    if by_source:  # else the folders say nothing; tracks stand alone
        join(lambda item: item.source)
        join(lambda item: item.artist if item.artist not in NO_ARTIST else None)
    for a, b in related:
        parent[find(a)] = find(b)
    for i, item in enumerate(music):
        item.group = find(i)


def split_music(music, rng, heldout_share):
    """Whole groups go to one role and one half; both halves of the library are indexed, only the queries differ."""
    groups = defaultdict(list)
    for item in music:
        groups[item.group].append(item)
    order = [groups[g] for g in sorted(groups)]
    rng.shuffle(order)
    wanted, heldout, library = heldout_share * len(music), [], []
    for members in order:
        taken = sum(map(len, heldout))
        (heldout if taken + len(members) <= wanted + 0.5 else library).append(members)
    for role, chosen in (("heldout", heldout), ("library", library)):
        for item, half in _halves(chosen):
            item.role, item.half = role, half


def split_pool(items, rng):
    """Sounds of one kind whose names begin alike (one speaker, one sort of noise) stay in one half."""
    groups = defaultdict(list)
    for item in items:
        stem = re.sub(r"^\d+[_ ]", "", Path(item.path).stem).lower()
        word = re.search(r"[a-z]{3,}", stem)
        groups[re.split(r"[-_ ]", stem)[0] if item.kind == "speech" or not word else word.group()].append(item)
    order = [groups[g] for g in sorted(groups)]
    rng.shuffle(order)
    for item, half in _halves(order):
        item.half = half


def _halves(groups):
    """Fills the two halves evenly, the largest groups first."""
    count = {"dev": 0, "test": 0}
    for members in sorted(groups, key=len, reverse=True):
        half = min(count, key=count.get)
        count[half] += len(members)
        for item in members:
            yield item, half
