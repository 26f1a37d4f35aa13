"""A mixing desk: puts music, talk and noise on one mono recording and keeps the truth beside it."""

from dataclasses import asdict, dataclass

import numpy as np

from eval.kit import audio
from eval.kit.audio import RATE
from eval.kit.stretch import read_along, vocoder, warp, wsola


@dataclass
class Truth:
    """A track is heard from `start` to `end`; a stranger, which is in no library, has an empty path, and a name."""

    path: str
    start: float
    end: float
    offset: float = 0.0  # in the track at `start`
    time_ratio: float = 1.0
    pitch_ratio: float = 1.0
    stranger: str = ""


class Desk:
    """`tracks` and `strangers`: paths of music that is in the library, and that is not."""

    def __init__(self, rng, tracks, strangers, pools, stranger_share=0.3):
        self.rng, self.pools, self.truth, self.talk = rng, pools, [], []
        self._music = {True: list(tracks), False: list(strangers)}
        self._turn = {True: 0, False: 0}
        self._share = stranger_share
        for paths in self._music.values():
            rng.shuffle(paths)
        self._mono = np.zeros(0, np.float32)

    @property
    def seconds(self):
        return len(self._mono) / RATE

    @property
    def samples(self):
        return self._mono

    def next_track(self, least_seconds):
        """(path, samples, known) of the next track that has so many seconds; each is played once a round."""
        known = bool(self.rng.random() >= self._share)
        paths = self._music[known]
        for _ in range(len(paths)):
            path = paths[self._turn[known] % len(paths)]
            self._turn[known] += 1
            samples = _level(audio.decode(path))
            if len(samples) >= least_seconds * RATE:
                return path, samples, known
        raise ValueError(f"no track has {least_seconds} s")

    def play(self, at, track, begin, seconds, time_ratio=1.0, pitch_ratio=1.0, gain=None):
        """Puts `seconds` of a track, from `begin` on, at second `at`; `gain`: a function of its samples' number."""
        path, samples, known = track
        margin = RATE
        first = max(0, int(begin * RATE) - margin)
        last = int((begin + seconds * time_ratio) * RATE) + margin
        count = int(seconds * RATE)
        stretcher = vocoder if self.rng.random() < 0.5 else wsola
        if abs(time_ratio - 1) < 1e-9 and abs(pitch_ratio - 1) < 1e-9:
            sound = samples[int(begin * RATE) : int(begin * RATE) + count].copy()
        else:
            sound = warp(samples[first:last], begin * RATE - first, time_ratio, pitch_ratio, count, stretcher)
        if gain is not None:
            sound = sound * gain(len(sound)).astype(np.float32)
        self.add(at, sound)
        self._note(path, known, Truth("", at, at + len(sound) / RATE, begin, time_ratio, pitch_ratio))

    def play_along(self, at, track, begin, speed):
        """As play(), with a speed for each sample."""
        path, samples, known = track
        first = max(0, int(begin * RATE) - RATE)
        last = int(begin * RATE + speed.sum()) + RATE
        self.add(at, read_along(samples[first:last], begin * RATE - first, speed))
        ratio = float(speed.mean())
        self._note(path, known, Truth("", at, at + len(speed) / RATE, begin, ratio, ratio))

    def _note(self, path, known, heard):
        heard.path, heard.stranger = (path, "") if known else ("", path)
        self.truth.append(heard)

    def next_stranger(self, least_seconds):
        """As next_track(), but in no library."""
        while True:
            track = self.next_track(least_seconds)
            if not track[2]:
                return track

    def add(self, at, sound):
        first = int(round(at * RATE))
        missing = first + len(sound) - len(self._mono)
        if missing > 0:
            self._mono = np.concatenate([self._mono, np.zeros(missing, np.float32)])
        self._mono[first : first + len(sound)] += sound

    def duck(self, begin, end, gain):
        """Lowers what is there, with ramps of a quarter of a second."""
        first, last = int(begin * RATE), min(int(end * RATE), len(self._mono))
        ramp = np.minimum(1, np.minimum(np.arange(last - first), np.arange(last - first)[::-1]) / (RATE / 4))
        self._mono[first:last] *= (1 - (1 - gain) * ramp).astype(np.float32)

    def process(self, effect):
        """Sends all that is there through an effect that keeps the time."""
        self._mono = effect(self._mono)[: len(self._mono)].astype(np.float32)

    def sound(self, kind, seconds):
        """So many seconds of talk or noise."""
        return self._sound(kind, seconds, 0.0)

    def _sound(self, kind, seconds, at):
        parts, length = [], 0
        while length < seconds * RATE:
            path = self.pools[kind][int(self.rng.integers(len(self.pools[kind])))]
            parts.append(_level(_sound(path)))
            begin = at + length / RATE
            length += len(parts[-1])
            self.talk.append(Truth("", begin, min(at + length / RATE, at + seconds), stranger=path))
        return np.concatenate(parts)[: int(seconds * RATE)]

    def talk_over(self, at, seconds, above_db):
        """Talk that is so much louder than the music under it."""
        seconds = min(seconds, self.seconds - at)
        if seconds > 1:
            self.duck(at, at + seconds, 10 ** (-above_db / 20))
            self.add(at, self._sound("speech", seconds, at))

    def as_json(self):
        return _json(self.truth)

    def talk_as_json(self):
        """Talk over music: its files may come again too."""
        return _json(self.talk)


def _json(heard):
    return [asdict(t) for t in sorted(heard, key=lambda t: t.start)]


def _sound(path):
    from eval.kit import noises

    return noises.synthesise(path) if path.startswith("synthetic:") else audio.decode(path)


def _level(samples):
    return samples * np.float32(0.1 / (np.sqrt(audio.active_power(samples)) + 1e-6))
