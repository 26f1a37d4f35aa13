"""Man pages and completions of a small program."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from scripts.command_texts import bash, fish, man, zsh
from scripts.command_texts.commands import commands_of
from scripts.command_texts.settings import Setting, settings_file, settings_of


def option(names, value=None, **more):
    base = {"values": [], "required": False, "repeats": False, "help": f"Help of {names}"}
    return {"names": names.split(","), "positional": not names.startswith("-"), "value": value, **base, **more}


def command(path, options=(), commands=(), text=""):
    return json.dumps({"command": path, "help": f"Help: it's [{path}]", "text": text, "options": list(options),
                       "commands": list(commands)})  # fmt: skip


COMMANDS = commands_of(
    [
        command(
            "audio-ident",
            [option("--json"), option("--set", "NAME=VALUE", repeats=True), option("--level", "low|high")],
            ["search", "tracks"],
        ),
        command(
            "audio-ident search",
            [option("--mode", "MODE", values=["exact", "vibe"]), option("files", "FILE...", repeats=True)],
            text=".dots\n\nExamples:\n  audio-ident search 'a\\b.wav'",
        ),
        command("audio-ident tracks", [], ["list", "remove"]),
        command("audio-ident tracks list", [option("--page,-p", "N")]),
        command("audio-ident tracks remove", [option("--yes,-y"), option("tracks", "ID|PATH...", required=True)]),
    ]
)
SETTINGS = [Setting("LOG_LEVEL", "info", "Lowest level."), Setting("LOG_FORMAT", "text", "Format.")]
EXAMPLE = """# How to use it.
# More.

# ---- Folders ----

# Folder for all embedded stores. Default: $XDG_DATA_HOME/audio-ident or ~/.local/share/audio-ident.
# Value: a path. Flag: --data-dir.
#AUDIO_IDENT_DATA_DIR=~/.local/share/audio-ident

# Folder for uploads.
# Value: a path.
#AUDIO_STORAGE_ROOT=~/.local/share/audio-ident/uploads
"""


def run(*arguments, **more):
    return subprocess.run(arguments, capture_output=True, text=True, check=True, **more)


class Completions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("clip.wav", "it's.wav"):
            (self.folder / name).touch()
        (self.folder / "sets").mkdir()

    def bash(self, *words):
        (self.folder / ".bash").write_text(bash.completion(COMMANDS, SETTINGS))
        script = (
            'compopt() { :; }; source .bash; COMP_WORDS=(audio-ident "$@"); COMP_CWORD=$#; _audio_ident;'
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        return run("bash", "-c", script, "bash", *words, cwd=self.folder).stdout.split()

    def fish(self, line):
        (self.folder / ".fish").write_text(fish.completion(COMMANDS, SETTINGS))
        asked = run("fish", "--no-config", "-c", f"source .fish; complete -C '{line}'", cwd=self.folder)
        self.assertEqual(asked.stderr, "")
        return [answer.split("\t")[0] for answer in asked.stdout.splitlines()]

    def test_bash_offers_what_may_follow(self):
        self.assertEqual(self.bash(""), ["search", "tracks"])
        self.assertEqual(self.bash("tracks", ""), ["list", "remove"])
        self.assertEqual(self.bash("--level", ""), ["low", "high"])
        self.assertEqual(self.bash("--set", "LOG_F"), ["LOG_FORMAT="])
        self.assertEqual(self.bash("search", "--mode", "e"), ["exact"])
        self.assertEqual(self.bash("search", "--mode", "=", "v"), ["vibe"])
        self.assertEqual(self.bash("search", "cl"), ["clip.wav"])
        self.assertEqual(self.bash("tracks", "list", "--pa"), ["--page"])
        self.assertEqual(self.bash("tracks", "list", "--page", ""), [])

    def test_bash_takes_the_value_of_an_option_for_no_command(self):
        self.assertEqual(self.bash("--level", "tracks", ""), ["search", "tracks"])

    def test_fish_offers_what_may_follow(self):
        self.assertEqual(self.fish("audio-ident "), ["search", "tracks"])
        self.assertEqual(self.fish("audio-ident --level tracks "), ["search", "tracks"])
        self.assertEqual(self.fish("audio-ident --json tracks "), ["list", "remove"])
        self.assertEqual(self.fish("audio-ident search --mode e"), ["exact"])
        self.assertEqual(self.fish("audio-ident search cl"), ["clip.wav"])
        self.assertEqual(self.fish("audio-ident tracks list --pa"), ["--page"])
        self.assertEqual(self.fish("audio-ident --set LOG_F"), ["LOG_FORMAT="])

    def test_zsh_reads_it_and_has_every_option(self):
        path = self.folder / "_audio-ident"
        path.write_text(zsh.completion(COMMANDS, SETTINGS))
        run("zsh", "-n", str(path))
        text = path.read_text()
        for word in (
            "--mode=[",
            "'*:FILE...:_files'",
            "(exact vibe)",
            "(low high)",
            "(--yes -y)-y[",
            "it'\\''s \\[audio",
        ):
            self.assertIn(word, text)


class Texts(unittest.TestCase):
    def test_man_pages_have_every_command_and_option_and_no_warnings(self):
        pages = man.pages(COMMANDS, SETTINGS, "1.2.3")
        self.assertEqual(list(pages), ["audio-ident.1", "audio-ident-search.1", "audio-ident-tracks.1"])
        shown = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, text in pages.items():
                path = Path(folder) / name
                path.write_text(text)
                made = run(
                    "man",
                    "--warnings",
                    "-E",
                    "UTF-8",
                    "-l",
                    str(path),
                    env={"PATH": "/usr/bin:/bin", "MANWIDTH": "100"},
                )
                self.assertEqual(made.stderr, "", name)
                shown[name] = made.stdout
        for word in ("audio-ident tracks remove", "LOG_FORMAT", "--set NAME=VALUE", "audio-ident-search(1)"):
            self.assertIn(word, shown["audio-ident.1"])
        for word in ("--mode MODE", "One of exact, vibe.", ".dots", "audio-ident search 'a\\b.wav'", "[FILE...]"):
            self.assertIn(word, shown["audio-ident-search.1"])
        for word in ("TRACKS LIST", "-p, --page N", "TRACKS REMOVE", "-y, --yes", "ID|PATH"):
            self.assertIn(word, shown["audio-ident-tracks.1"])

    def test_the_services_file_has_its_folder_and_all_settings(self):
        names = [setting.name for setting in settings_of(EXAMPLE)]
        self.assertEqual(names, ["AUDIO_IDENT_DATA_DIR", "AUDIO_STORAGE_ROOT"])
        text = settings_file(EXAMPLE)
        self.assertIn("\nAUDIO_IDENT_DATA_DIR=/var/lib/audio-ident\n", text)
        self.assertIn("\n#AUDIO_STORAGE_ROOT=/var/lib/audio-ident/uploads\n", text)
        self.assertNotIn("How to use it", text)
        self.assertNotIn("~", text)
        with self.assertRaisesRegex(ValueError, "lack"):
            settings_file("# Header.\n\n#AUDIO_IDENT_DATA_DIR=elsewhere\n")


if __name__ == "__main__":
    unittest.main()
