"""PostgreSQL servers for the tests only, on private sockets, with one database for each home."""

import atexit
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time


def program(name):
    """Debian keeps the server's programs outside PATH, in one folder for each version."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


class Server:
    def __init__(self, primary=None, listen=""):
        """With a primary: a standby that follows it. `listen`: an address of this machine, besides the socket."""
        self.listen = listen
        self.folder = tempfile.mkdtemp(prefix="audio-ident-pg-")
        self.as_user = ["setpriv", "--pdeathsig=INT"]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.as_user += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        data = ["-D", self.folder + "/data"]
        if primary:
            source = ["-h", primary.folder, "-U", "audio_ident"]
            self.must(*self.as_user, program("pg_basebackup"), *data, *source, "-c", "fast", "-R", "--no-sync")
        else:
            options = ["-U", "audio_ident", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            self.must(*self.as_user, program("initdb"), *data, *options)
        self.databases = 0
        self.start()
        atexit.register(self.close)

    def start(self):
        settings = {"listen_addresses": self.listen, "fsync": "off", "shared_buffers": "16MB"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [*self.as_user, program("postgres"), "-D", self.folder + "/data", "-k", self.folder, *options],
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        end = time.monotonic() + 120
        while subprocess.run(["pg_isready", "-q", "-h", self.folder]).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, "PostgreSQL does not start"
            time.sleep(0.05)

    def stop(self, how="terminate"):
        """`kill`: with all its connections at once, as when the machine dies."""
        if how == "kill":
            self.signal(signal.SIGKILL)
        else:
            self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def processes(self):
        """The server, and one process for each connection."""
        own = self.process.pid
        children = subprocess.run(["pgrep", "-P", str(own)], text=True, capture_output=True).stdout
        return [own, *(int(child) for child in children.split())]

    def signal(self, number):
        """SIGSTOP: it hangs, SIGCONT: it goes on."""
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def must(self, *command):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def ask(self, sql, database="postgres"):
        command = ["psql", "-h", self.folder, "-U", "audio_ident", "-qtAc", sql, database]
        return subprocess.run(command, check=True, text=True, capture_output=True).stdout.strip()

    def promote(self):
        self.ask("SELECT pg_promote(true, 60)")

    def new_database(self):
        self.databases += 1
        self.must("createdb", "-h", self.folder, "-U", "audio_ident", f"home{self.databases}")
        return f"postgresql://audio_ident:secret@/home{self.databases}?host={self.folder}"

    def close(self):
        atexit.unregister(self.close)
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)


_server = None


def new_database():
    global _server
    _server = _server or Server()
    return _server.new_database()


def ask(database, sql):
    """The answer of a database that new_database() made."""
    return _server.ask(sql, database.split("/")[3].split("?")[0])
