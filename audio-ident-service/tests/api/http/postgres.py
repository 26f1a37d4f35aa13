"""A PostgreSQL server for the tests only, on a private socket, with one database for each home."""

import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def program(name):
    """Debian keeps the server's programs outside PATH, in one folder for each version."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="audio-ident-pg-")
        self.as_user = ["setpriv", "--pdeathsig=INT"]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.as_user += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.must(
            *self.as_user,
            program("initdb"),
            "-D",
            self.folder + "/data",
            "-U",
            "audio_ident",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.process = subprocess.Popen(
            [
                *self.as_user,
                program("postgres"),
                "-D",
                self.folder + "/data",
                "-k",
                self.folder,
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "shared_buffers=16MB",
            ],
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        atexit.register(self.close)
        end = time.monotonic() + 120
        while subprocess.run(["pg_isready", "-q", "-h", self.folder]).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, "PostgreSQL does not start"
            time.sleep(0.05)
        self.databases = 0

    def must(self, *command):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def new_database(self):
        self.databases += 1
        self.must("createdb", "-h", self.folder, "-U", "audio_ident", f"home{self.databases}")
        return f"postgresql://audio_ident:secret@/home{self.databases}?host={self.folder}"

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


_server = None


def new_database():
    global _server
    _server = _server or Server()
    return _server.new_database()
