"""What the stations play: programmes of parts of the library's tracks, and of unknown music, again and again."""

import dataclasses
import time

from judge import Item
from streams import Station, encode
from timelines_test import mix

MP3_BYTES_A_SECOND = 8000
MP3 = ("-b:a", "64k", "-ac", "1", "-ar", "44100", "-write_xing", "0", "-id3v2_version", "0", "-map_metadata", "-1")
SHORTEST, LONGEST = 25, 55  # seconds of a track that a station plays
EDGE = 3  # seconds at both ends of a track that are not played: they can be silent
STRANGER = 12  # seconds
AFTER_EACH = 3  # tracks comes a stranger


@dataclasses.dataclass
class Programme:
    content: bytes
    items: list

    @property
    def seconds(self):
        return len(self.content) / MP3_BYTES_A_SECOND


def make_programme(home, number, tracks, strangers, random):
    """tracks: those of the API, with their file_path. strangers: files of other music."""
    parts, items, at = [], [], 0
    for count, track in enumerate(tracks, 1):
        seconds = round(random.uniform(SHORTEST, min(LONGEST, track["duration_seconds"] - 2 * EDGE)), 1)
        place = round(random.uniform(EDGE, track["duration_seconds"] - EDGE - seconds), 1)
        parts.append((track["file_path"], place, seconds))
        items.append(Item(track["id"], at, at + seconds))
        at += seconds
        if strangers and count % AFTER_EACH == 0:
            parts.append((random.choice(strangers), EDGE, STRANGER))
            at += STRANGER
    wav = mix(home, f"programme-{number}.wav", *parts)
    programme = Programme(encode(wav, wav.with_suffix(".mp3"), *MP3), items)
    wav.unlink()
    if abs(programme.seconds - at) > 1:
        raise RuntimeError(f"programme {number} lasts {programme.seconds} s instead of {at}")
    return programme


def long_enough(track):
    return track["duration_seconds"] >= SHORTEST + 2 * EDGE


class Radio(Station):
    """A station whose programme began long ago, `ahead` seconds before now; remembers when it was heard."""

    def __init__(self, programme, ahead):
        super().__init__(programme.content, MP3_BYTES_A_SECOND, repeats=True)
        self.programme = programme
        self.began = time.monotonic() - ahead
        self.began_at = time.time() - ahead
        self.heard = []  # [begin, end] of each connection, in seconds since the epoch

    def send(self, handler):
        span = [time.time(), None]
        self.heard.append(span)
        try:
            super().send(handler)
        finally:
            span[1] = time.time()

    def played(self, begin, end):
        """The items that it played in this time, which may have begun before."""
        length = self.programme.seconds
        start = self.began_at + (begin - self.began_at) // length * length
        found = []
        while start < end:
            for item in self.programme.items:
                if start + item.end > begin and start + item.begin < end:
                    found.append(Item(item.track, start + item.begin, start + item.end))
            start += length
        return found
