"""What docker-compose.yml starts for `--profile scale`, without containers: the command lines and environments that it
says, with the programs of this machine in place of the images. Each container has an address of its own. On Docker's
engine: ../containers."""

import getpass
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import yaml
from network import put_over

import postgres
import s3
from balancer import FOLDERS, nginx_program
from parts import PATIENCE, answers
from service import PROGRAM, SANITIZERS, Service, assert_no_report

ROOT = pathlib.Path(__file__).resolve().parents[3]
ADMIN_KEY = "key of the test"
PORT = 17010
FIRST_WITH_RESOLVE = (1, 27, 3)  # nginx: `resolve` of a server in an upstream
IMAGE_CONFIGURATION = """
user {user};
pid {folder}/pid;
events {{}}
http {{
    access_log off;
    {folders}
    include /etc/nginx/conf.d/*.conf;
}}
"""


def compose(profile, **environment):
    """The services of a profile, and how each is started."""
    command = ["docker-compose", "-f", ROOT / "docker-compose.yml", "--profile", profile, "config"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment}).stdout
    services = yaml.safe_load(text.replace("$$", "$"))["services"]
    return {name: each for name, each in services.items() if profile in each["profiles"]}


def image_command():
    """What the image of the service runs."""
    dockerfile = (ROOT / "audio-ident-service" / "Dockerfile").read_text()
    return yaml.safe_load(re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])


class Container:
    """A process with a folder and an address of its own, started as a container is, and again."""

    def __init__(self, name, address, command, environment, url):
        self.name, self.address, self.url = name, address, url
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"audio-ident-{name}-"))
        self.log = self.folder / "log"
        path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in SANITIZERS if name in os.environ}
        self.command = command
        self.environment = {"PATH": path, "HOME": str(self.folder), **kept, **environment}

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", *self.command],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def wait(self):
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while not answers(self.url):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start: {self.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        text = self.log.read_text(errors="replace")
        shutil.rmtree(self.folder)
        assert_no_report(text)


class Replica(Container, Service):
    """A container of the service. A Service too, to be asked without the balancer."""

    def __init__(self, number, address, settings, folders):
        settings = {name: folders.get(value, str(value)) for name, value in settings.items()}
        # In one network they cannot all listen on 0.0.0.0.
        settings |= {"SERVICE_HOST": address}
        url = f"http://{address}:{PORT}/health/ready"
        Container.__init__(self, f"service-{number}", address, image_command(), settings, url)
        self.environment["AUDIO_IDENT_DATA_DIR"] = str(self.folder / "data")
        self.host, self.port = address, PORT
        self.start()

    def doctor(self):
        """What `doctor --cluster` in this container says, and its exit code."""
        command = [PROGRAM, "doctor", "--cluster", "--json"]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)["checks"]


class Qdrant(Container):
    def __init__(self, name, address, service, program):
        environment = {key: str(value) for key, value in service["environment"].items()}
        environment |= {"QDRANT__SERVICE__HOST": address, "QDRANT__TELEMETRY_DISABLED": "true"}
        command = [*service["entrypoint"], *service["command"]]
        super().__init__(name, address, command, environment, f"http://{address}:6333/readyz")
        (self.folder / "qdrant").symlink_to(program)
        self.start()


class S3(Container):
    def __init__(self, service, address):
        *shell, script = service["entrypoint"]
        super().__init__("s3", address, [], service["environment"], f"http://{address}:7070/health")
        for said, here in (("versitygw", s3.program()), (" :", f" {address}:"), (" /s3/", f" {self.folder}/")):
            script = script.replace(said, here)
        self.command = [*shell, script]
        self.start()


def start_postgres(service, address):
    """Debian's server, with the user and the database that the image makes."""
    wanted = service["environment"]
    server = postgres.Server(listen=address)
    server.ask(f"ALTER ROLE {wanted['POSTGRES_USER']} PASSWORD '{wanted['POSTGRES_PASSWORD']}'")
    server.must("createdb", "-h", server.folder, "-U", wanted["POSTGRES_USER"], wanted["POSTGRES_DB"])
    return server


def follows_names():
    said = subprocess.run([nginx_program(), "-v"], capture_output=True, text=True).stderr
    return tuple(map(int, re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said).groups())) >= FIRST_WITH_RESOLVE


class Balancer(Container):
    """nginx with the files that the compose file mounts, in their places, in an /etc/nginx as that of the image."""

    def __init__(self, service, address):
        command = [nginx_program(), "-e", "stderr", "-g", "daemon off;"]
        super().__init__("balancer", address, command, {}, f"http://{address}/health")
        etc = self.folder / "etc"
        (etc / "conf.d").mkdir(parents=True)
        folders = FOLDERS.format(folder=self.folder)
        text = IMAGE_CONFIGURATION.format(folder=self.folder, folders=folders, user=getpass.getuser())
        (etc / "nginx.conf").write_text(text)
        for volume in service["volumes"]:
            source, target, _ = volume.split(":")
            text = pathlib.Path(source).read_text()
            if not follows_names():
                text = text.replace(" resolve ", " ")
            (etc / pathlib.Path(target).relative_to("/etc/nginx")).write_text(text)
        put_over("/etc/nginx", etc)
        self.start()


def addresses(services, replicas):
    """Name -> addresses, one for each container."""
    numbers = itertools.count(1)
    return {
        name: [f"127.0.{number}.{replica + 1}" for replica in range(replicas if name == "service" else 1)]
        for name, number in zip(services, numbers)
    }
