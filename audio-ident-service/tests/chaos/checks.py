"""What must hold when all is over: no track lost, none twice, and the catalog, the index and the vectors agree."""

import collections
import hashlib
import json
import urllib.request

from service import PROGRAM, form

COLLECTION = "audio_embeddings_musicnn_1"
PAGE = 1000


class Checks:
    """`present`: Songs by title; `base`: ids and titles of the tracks that were there first; `program`: that of the
    replicas."""

    def __init__(self, cluster, present, base, clips, strangers, program=PROGRAM):
        self.program = program
        self.cluster = cluster
        self.present = present
        self.base = base
        self.clips = clips
        self.strangers = strangers
        self.failures = []
        self.facts = {}

    def run(self):
        self.on_catalog()
        self.on_replicas()
        self.on_files()
        self.on_vectors()
        self.on_answers()
        self.on_doctor()

    def expect(self, condition, message):
        if not condition:
            self.failures.append(message)
            print(f"FAILED {message[:2000]}", flush=True)

    def on_catalog(self):
        columns = "id, title, file_path, file_hash_sha256"
        rows = self.cluster.postgresql.ask(f"SELECT json_build_array({columns}) FROM tracks")
        rows = [json.loads(row) for row in rows.splitlines()]
        self.tracks = {row[0]: row[1] for row in rows}
        self.paths_of = {row[0]: row[2] for row in rows}
        self.contents = {row[0]: row[3] for row in rows}
        wanted = {**self.base, **{song.clip.track: title for title, song in self.present.items()}}
        lost = {track: title for track, title in wanted.items() if track not in self.tracks}
        more = {track: title for track, title in self.tracks.items() if track not in wanted}
        self.expect(not lost, f"tracks are lost: {lost}")
        self.expect(not more, f"tracks that nobody added, or that were removed: {more}")
        for column, what in ((2, "file"), (3, "content")):
            twice = [key for key, count in collections.Counter(row[column] for row in rows).items() if count > 1]
            self.expect(not twice, f"tracks with the same {what}: {twice}")
        self.facts["tracks"] = len(rows)

    def on_replicas(self):
        """Each replica counts the same."""
        for replica in self.cluster.replicas:
            counts = replica.service.get("/api/v1/library").json
            right = (counts["tracks"], counts["unfinished"]) == (len(self.tracks), 0)
            right = right and counts["fingerprinted"] == counts["embedded"] == len(self.tracks)
            self.expect(right, f"{replica.name}, of {len(self.tracks)} tracks: {counts}")

    def on_files(self):
        if self.cluster.bucket:
            self.on_bucket()
            return
        uploads = self.cluster.folder / "uploads"
        stored = {str(file) for file in uploads.rglob("*") if file.is_file()}
        wanted = {path for path in self.paths_of.values() if path.startswith(str(uploads))}
        self.expect(wanted <= stored, f"uploads without a file: {wanted - stored}")
        self.facts["files of uploads that are left over"] = len(stored - wanted)

    def on_bucket(self):
        """Each upload is an object, and every replica gives its bytes, whoever took it in."""
        stored = self.cluster.bucket.uploads()
        uploads = {}
        for track, content in self.contents.items():
            name = "/".join(self.paths_of[track].split("/")[-3:])
            if name.startswith(f"{content[:2]}/{content}/"):
                uploads[track] = name
        lost = set(uploads.values()) - stored
        self.expect(not lost, f"uploads without an object: {lost}")
        self.facts["uploads"] = len(uploads)
        self.facts["objects that are left over"] = len(stored - set(uploads.values()))
        for track in uploads:
            for replica in self.cluster.replicas:
                answer = replica.service.get(f"/api/v1/tracks/{track}/audio")
                whole = answer.status == 200 and hashlib.sha256(answer.body).hexdigest() == self.contents[track]
                self.expect(whole, f"{replica.name} plays {track} with {answer.status} {answer.body[:200]}")

    def on_vectors(self):
        """Through each node: every track has its chunks, each once, and nothing else has any."""
        first = None
        for node in self.cluster.qdrant:
            chunks = collections.defaultdict(list)
            for point in self.points(node):
                chunks[point["payload"]["track_id"]].append(point["payload"]["chunk"])
            self.expect(set(chunks) == set(self.tracks), f"{node.name}: {set(chunks) ^ set(self.tracks)}")
            for track, numbers in chunks.items():
                whole = sorted(numbers) == list(range(len(numbers)))
                self.expect(whole, f"{node.name}: chunks of {track}: {sorted(numbers)}")
            counts = {track: len(numbers) for track, numbers in chunks.items()}
            self.expect(first in (None, counts), f"{node.name} has other chunks than the first node")
            first = counts
        self.facts["vectors"] = sum(first.values())

    def points(self, node):
        """All points that all replicas of their shard agree on."""
        offset = None
        while True:
            query = {"limit": PAGE, "with_payload": True, "offset": offset}
            request = urllib.request.Request(
                f"{node.url}/collections/{COLLECTION}/points/scroll?consistency=all",
                json.dumps(query).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                result = json.load(answer)["result"]
            yield from result["points"]
            offset = result["next_page_offset"]
            if offset is None:
                return

    def on_answers(self):
        """Every replica names every clip, in the same way, and no stranger."""
        for number, clip in enumerate([*self.clips, *self.strangers]):
            answers = []
            for replica in self.cluster.replicas:
                body, headers = form({"mode": "exact"}, clip.sound)
                found = replica.service.request("POST", "/api/v1/search", body, headers).json
                answers.append(
                    [
                        (each["track"]["id"], each["offset_seconds"], each["confidence"])
                        for each in found["exact_matches"]
                    ]
                )
            names = [match[0] for match in answers[0]]
            self.expect(names[:1] == ([clip.track] if clip.track else []), f"clip {number} of {clip.track} is {names}")
            self.expect(answers.count(answers[0]) == len(answers), f"clip {number}: replicas differ: {answers}")

    def on_doctor(self):
        checked = self.cluster.command("doctor", program=self.program)
        whole = checked.returncode == 0 and "catalog and index have the same tracks" in checked.stdout
        self.expect(whole, f"doctor ends with {checked.returncode}: {checked.stdout}{checked.stderr}")
