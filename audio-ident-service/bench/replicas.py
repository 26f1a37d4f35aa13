"""How searches a second grow with services on one PostgreSQL, and what a search costs the service and the server.

    python3 -m bench.replicas PROGRAM MUSIC_FOLDER [--replicas 1,2] [--seconds 30]

Each service runs on a core of its own (the third one on that of the first, with two cores), with the fingerprints in
PostgreSQL and all of the index that searches need in its memory. Two clients for each service send clips of 5 s, one
after the other, to all services in turn. Processor time counts the service with its decoders, and all processes of
PostgreSQL. Transactions are those of the database while the clients ran, by all that the services do."""

import argparse
import os
import pathlib
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
sys.path += [str(TESTS / "api" / "http"), str(TESTS / "soak")]
TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
CLIENTS = 2  # for each service


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("music", type=pathlib.Path)
    parser.add_argument("--replicas", default="1,2", help="numbers of services")
    parser.add_argument("--seconds", type=float, default=30)
    return parser.parse_args()


def processor_seconds(process):
    """Of the process, and of the children that it has waited for."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def spent(process):
    """The same, with the children that run, whichever of its threads began them."""
    total = 0.0
    try:
        total += processor_seconds(process)
        for thread in pathlib.Path(f"/proc/{process}/task").iterdir():
            total += sum(spent(int(child)) for child in (thread / "children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        pass  # It has ended; its parent counts it.
    return total


def memory(process):
    lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1e3


class Bench:
    def __init__(self, arguments):
        os.environ["AUDIO_IDENT_PROGRAM"] = str(arguments.program)
        import postgres
        from bench.http_overhead import make_clips, multipart
        from service import Home, Service

        self.make_service = Service
        self.home = Home()
        self.server = postgres.Server()
        self.settings = {
            "POSTGRES_MODE": "external",
            "DATABASE_URL": self.server.new_database(),
            "FINGERPRINT_STORE": "postgresql",
            "LOG_LEVEL": "warning",
        }
        self.seconds = arguments.seconds
        for command in (("db", "upgrade"), ("ingest", "--no-embed", str(arguments.music.resolve()))):
            done = self.home.run(*command, settings=self.settings)
            if done.returncode:
                raise RuntimeError(f"{command}: {done.stderr}")
        self.forms = [
            multipart(pathlib.Path(clip).read_bytes()) for clip in make_clips(arguments.music, self.home.folder)
        ]

    def start(self, number):
        os.sched_setaffinity(0, {number % CORES})
        try:
            folder = str(self.home.folder / f"data-{number}")
            return self.make_service(self.home, {**self.settings, "AUDIO_IDENT_DATA_DIR": folder})
        finally:
            os.sched_setaffinity(0, range(CORES))

    def transactions(self):
        return int(self.server.ask("SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database", "home1"))

    def client(self, services, first, end, counts):
        asked = 0
        connections = [service.connect() for service in services]
        while time.monotonic() < end:
            body, kind = self.forms[(first + asked) % len(self.forms)]
            number = (first + asked) % len(services)
            answer = services[number].request(
                "POST", "/api/v1/search", body, {"Content-Type": kind}, connection=connections[number]
            )
            assert answer.status == 200, answer.body
            asked += 1
        counts.append(asked)

    def measure(self, count):
        services = [self.start(number) for number in range(count)]
        try:
            for service in services:  # so that each has all peaks
                for body, kind in self.forms:
                    service.request("POST", "/api/v1/search", body, {"Content-Type": kind})
            before = [spent(service.process.pid) for service in services], spent(self.server.process.pid)
            transactions, begin, counts = self.transactions(), time.monotonic(), []
            clients = [
                threading.Thread(target=self.client, args=(services, number, begin + self.seconds, counts))
                for number in range(CLIENTS * count)
            ]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            took, searches = time.monotonic() - begin, sum(counts)
            in_services = sum(spent(service.process.pid) for service in services) - sum(before[0])
            in_server = spent(self.server.process.pid) - before[1]
            milliseconds = f"{1e3 * in_services / searches:14.1f} {1e3 * in_server / searches:17.2f}"
            others = f"{(self.transactions() - transactions) / searches:13.2f} {memory(services[0].process.pid):8.0f}"
            return f"{count:8} {searches / took:10.1f} {milliseconds} {others}"
        finally:
            for service in services:
                service.stop()

    def sizes(self):
        """Bytes a track of what PostgreSQL holds."""
        tracks, seconds = self.server.ask("SELECT count(*), sum(duration_seconds) FROM tracks", "home1").split("|")
        rows = self.server.ask(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 6",
            "home1",
        )
        print(f"{tracks} tracks, {float(seconds) / 3600:.2f} hours; kB a track of 4 minutes:")
        for row in rows.splitlines():
            name, size = row.split("|")
            print(f"    {name:24} {int(size) / 1e3 / float(seconds) * 240:8.1f}")

    def close(self):
        self.server.close()
        self.home.close()


def main():
    arguments = parse()
    bench = Bench(arguments)
    try:
        bench.sizes()
        print("services   searches   ms of services  ms of PostgreSQL  transactions       MB")
        print("            a second         a search          a search      a search  of one")
        for count in map(int, arguments.replicas.split(",")):
            print(bench.measure(count), flush=True)
    finally:
        bench.close()


if __name__ == "__main__":
    main()
