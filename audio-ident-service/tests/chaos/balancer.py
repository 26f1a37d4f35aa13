"""nginx in front of the replicas, with the configuration of packaging."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from parts import PATIENCE, answers, free_port

LOCATIONS = pathlib.Path(__file__).resolve().parents[3] / "packaging" / "nginx" / "audio-ident.conf"

# Of the http block, for who may not write where the package does.
FOLDERS = " ".join(
    f"{kind}_temp_path {{folder}}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)

CONFIGURATION = """
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    {folders}
    upstream audio_ident {{
        zone audio_ident 64k;
        least_conn;
        {servers}
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        include {locations};
    }}
}}
"""


def nginx_program():
    """Debian keeps it outside the PATH of users."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Balancer:
    def __init__(self, replicas, search_seconds):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="audio-ident-nginx-"))
        self.host, self.port = "127.0.0.1", free_port()
        servers = [f"server 127.0.0.1:{each.service.port} max_fails=1 fail_timeout=3s;" for each in replicas]
        # nginx waits longer than the service does.
        locations = self.folder / "locations.conf"
        locations.write_text(
            LOCATIONS.read_text().replace("proxy_read_timeout 15s;", f"proxy_read_timeout {search_seconds + 5}s;")
        )
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "",
                folder=self.folder,
                folders=FOLDERS.format(folder=self.folder),
                servers="\n        ".join(servers),
                port=self.port,
                locations=locations,
            )
        )
        command = [nginx_program(), "-p", self.folder, "-c", configuration, "-g", "daemon off;"]
        command += ["-e", self.folder / "error.log"]
        self.process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", *command])
        end = time.monotonic() + PATIENCE
        while not answers(f"http://{self.host}:{self.port}/health"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nginx does not start: {self.log_text()}")
            time.sleep(0.1)

    def log_text(self):
        return (self.folder / "error.log").read_text()[-4000:]

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)
