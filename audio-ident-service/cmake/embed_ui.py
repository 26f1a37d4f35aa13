#!/usr/bin/env python3
"""Writes a source file that defines api::ui_files(): every file of the built web page, plain and compressed.

usage: embed_ui.py FOLDER OUTPUT.cpp      no files when FOLDER does not exist

SvelteKit writes a Content-Security-Policy with the hashes of the inline scripts into each page; it becomes a header."""

import gzip
import hashlib
import html
import pathlib
import re
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
POLICY = re.compile(r'\s*<meta http-equiv="content-security-policy" content="([^"]*)">', re.IGNORECASE)
# Files that are served at other paths than their own. One page serves all tracks, all timelines and all monitors.
PATHS = {"index.html": ["/"], "track.html": ["/tracks/{id}", "/timelines/{id}", "/monitors/{id}"]}
CHUNK = 12000  # bytes a line of the source file


def literal(data):
    """A string_view of any bytes, as C++."""

    def text(part):
        return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}" for byte in part)

    lines = [f'"{text(data[i : i + CHUNK])}"' for i in range(0, len(data), CHUNK)]
    return "std::string_view(" + "\n        ".join(lines or ['""']) + f", {len(data)})"


def entries_of(folder, path):
    """One entry for each path at which the file is served."""
    name = path.relative_to(folder).as_posix()
    data = path.read_bytes()
    policy = ""
    if path.suffix == ".html":
        text = data.decode()
        found = POLICY.search(text)
        if not found:
            sys.exit(f"embed_ui.py: {name} has no content-security-policy")
        policy = html.unescape(found[1]) + "; frame-ancestors 'none'"
        data = POLICY.sub("", text).encode()
    compressed = gzip.compress(data, 9, mtime=0)
    if len(compressed) > 0.9 * len(data):
        compressed = b""
    urls = PATHS.get(name, ["/" + name.removesuffix(".html")])
    tag = '"' + hashlib.sha256(data).hexdigest()[:32] + '"'
    media_type = TYPES.get(path.suffix, "application/octet-stream")

    def entry(url):
        words = (word.encode() for word in (url, media_type, tag, policy))
        return "    {" + ",\n     ".join(literal(value) for value in (*words, data, compressed)) + "},\n"

    return "".join(entry(url) for url in urls)


folder, output = map(pathlib.Path, sys.argv[1:])
entries = [entries_of(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]
body = f"static constexpr UiFile kFiles[] = {{\n{''.join(entries)}}};\n    return kFiles;" if entries else "return {};"
output.write_text(
    '#include "api/ui_files.hpp"\n\nnamespace audio_ident::api {\n\n'
    f"std::span<const UiFile> ui_files() {{\n    {body}\n}}\n\n}}  // namespace audio_ident::api\n"
)
