"""A library on PostgreSQL and a cluster of Qdrant is backed up while clients go on, destroyed, and restored on other
servers (docs/scale.md). Skips itself without Qdrant."""

import shutil
import subprocess
import unittest

import postgres
from parts import QdrantNode, qdrant_program
from service import Home, Service, music, write_wav

SONGS = 3
SECONDS = 12


class Servers:
    """A PostgreSQL and three nodes of Qdrant, all empty."""

    def __init__(self, qdrant):
        self.postgresql = postgres.Server()
        self.database = self.postgresql.new_database()
        first = QdrantNode(qdrant, 0)
        self.nodes = [first, *(QdrantNode(qdrant, number, first) for number in (1, 2))]

    def settings(self):
        return {
            "POSTGRES_MODE": "external",
            "DATABASE_URL": self.database,
            "FINGERPRINT_STORE": "postgresql",
            "QDRANT_MODE": "external",
            "QDRANT_URL": ",".join(node.url for node in self.nodes),
            "QDRANT_REPLICATION_FACTOR": "2",
        }

    def run(self, program, *arguments):
        """One of PostgreSQL's own programs."""
        command = [postgres.program(program), "-h", self.postgresql.folder, "-U", "audio_ident", *arguments]
        subprocess.run(command, check=True, cwd="/")

    def close(self):
        for node in self.nodes:
            node.close()
        self.postgresql.close()


class Backup(unittest.TestCase):
    def setUp(self):
        self.qdrant = self.enterContext(qdrant_program())
        if not self.qdrant:
            self.skipTest("needs Qdrant: name it in QDRANT_BIN, or put qdrant-*.tar.xz into ../shared/tools")
        self.home = Home()
        self.addCleanup(self.home.close)
        self.backup = self.home.folder / "backup"

    def run_program(self, servers, *arguments, data="data"):
        settings = {**servers.settings(), "AUDIO_IDENT_DATA_DIR": str(self.home.folder / data)}
        done = self.home.run(*arguments, settings=settings)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, servers, data="data"):
        uploads = str(self.home.folder / data / "uploads")
        folder = str(self.home.folder / data)
        service = Service(
            self.home, {**servers.settings(), "AUDIO_IDENT_DATA_DIR": folder, "AUDIO_STORAGE_ROOT": uploads}
        )
        self.addCleanup(lambda: service.process.poll() is None and service.stop())
        return service

    def upload(self, service, seed):
        song = self.home.folder / "upload.wav"
        write_wav(song, music(seed, SECONDS))
        added = service.ingest(audio=song.read_bytes(), file_name=f"Band - {seed}.wav")
        self.assertEqual((added.status, added.json["status"]), (200, "ingested"), added.body)
        return added.json["track_id"]

    def answers(self, service, seeds):
        """What both lanes say about a clip of each song."""
        answers = []
        for seed in seeds:
            clip = self.home.clip(seed, 3, seconds_of_song=SECONDS)
            found = service.search(clip, mode="exact").json
            exact = [
                (match["track"]["id"], match["offset_seconds"], match["confidence"]) for match in found["exact_matches"]
            ]
            vibe = service.search(clip, mode="vibe").json["vibe_matches"]
            answers.append((exact, {match["track"]["id"]: match["similarity"] for match in vibe}))
        return answers

    def back_up(self, servers, between=lambda: None):
        """PostgreSQL first, then the vectors, then the files. Other people go on `between`."""
        self.backup.mkdir()
        servers.run("pg_dump", "--format=custom", f"--file={self.backup}/catalog.dump", "home1")
        between()
        self.run_program(servers, "db", "copy", "--to-vectors", "embedded", data="backup")
        shutil.copytree(self.home.folder / "data" / "uploads", self.backup / "uploads")

    def restore(self, servers):
        servers.run("pg_restore", "--dbname=home1", "--no-owner", f"{self.backup}/catalog.dump")
        self.run_program(servers, "db", "upgrade")
        self.run_program(servers, "db", "copy", "--from-vectors", "embedded", data="backup")
        shutil.copytree(self.backup / "uploads", self.home.folder / "data" / "uploads")
        # Vectors whose track came after the dump go; those of tracks that went after it come back.
        self.run_program(servers, "reembed")

    def test_a_restored_library_answers_as_the_lost_one_did(self):
        servers = Servers(self.qdrant)
        self.run_program(servers, "db", "upgrade")
        for seed in range(1, SONGS):
            self.home.add_song(seed, f"{seed}.flac", SECONDS)
        self.run_program(servers, "ingest", str(self.home.music))
        service = self.start(servers)
        self.upload(service, SONGS)
        seeds = range(1, SONGS + 1)
        before = self.answers(service, seeds)
        self.assertTrue(all(exact and vibe for exact, vibe in before), before)

        def between():
            """What is not in the backup: a track comes, and another one goes."""
            self.upload(service, SONGS + 1)
            gone = before[0][0][0][0]
            self.assertEqual(service.request("DELETE", f"/api/v1/tracks/{gone}").status, 204)

        self.back_up(servers, between)
        service.stop()
        servers.close()
        shutil.rmtree(self.home.folder / "data")

        servers = Servers(self.qdrant)
        self.addCleanup(servers.close)
        self.restore(servers)
        self.run_program(servers, "doctor")
        service = self.start(servers)
        self.assertEqual(service.get("/api/v1/library").json["embedded"], SONGS)
        after = self.answers(service, seeds)
        self.assertEqual([exact for exact, _ in after], [exact for exact, _ in before])
        for (_, found), (_, wanted) in zip(after, before):
            self.assertEqual(set(found), set(wanted))
            for track, similarity in found.items():
                self.assertAlmostEqual(similarity, wanted[track], places=3)  # Qdrant normalises vectors again.
        self.assertEqual(self.upload(service, SONGS + 1), self.answers(service, [SONGS + 1])[0][0][0][0])


if __name__ == "__main__":
    unittest.main()
