"""Writes man pages, completions and the settings file of the service, made from a program, into a folder.

    python3 -m scripts.command_texts PROGRAM FOLDER

The folder gets share/man/man1/, share/bash-completion/completions/, share/zsh/, share/fish/vendor_completions.d/, and
audio-ident.env.
"""

import gzip
import subprocess
import sys
from pathlib import Path

from . import bash, fish, man, zsh
from .commands import commands_of_program
from .settings import example_of, settings_file, settings_of


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: python3 -m scripts.command_texts PROGRAM FOLDER")
    program, folder = sys.argv[1], Path(sys.argv[2])
    version = subprocess.run([program, "--version"], capture_output=True, check=True, text=True).stdout.split()[-1]
    commands = commands_of_program(program)
    example = example_of(program)
    settings = list(settings_of(example))
    share = folder / "share"
    for name, text in man.pages(commands, settings, version).items():
        write(share / "man/man1" / f"{name}.gz", text)
    write(share / "bash-completion/completions/audio-ident", bash.completion(commands, settings))
    write(share / "zsh/_audio-ident", zsh.completion(commands, settings))
    write(share / "fish/vendor_completions.d/audio-ident.fish", fish.completion(commands, settings))
    write(folder / "audio-ident.env", settings_file(example))


main()
