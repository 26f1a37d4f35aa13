"""One query in the making: picks the passage, hands out noise and rooms, saves the clip, knows the truth."""

import numpy as np

from eval.kit import audio, effects
from eval.kit.audio import RATE
from eval.kit.stretch import MARGIN_SECONDS


class Draft:
    def __init__(self, cell, number, rng, track, store, pools, other_track):
        self.seconds, self.number, self.rng = cell.seconds, number, rng
        self.cell, self.track, self.store, self.pools, self.other_track = cell, track, store, pools, other_track
        self.offset = None  # seconds in the track of the clip's first sample
        self.time_ratio = self.pitch_ratio = 1.0
        self.snr = None
        self.also_offset = None
        self.details = {}
        self.stem = None  # path without suffix, set by the maker
        self.file = None

    def cut(self, channels=1, pre=0.0):
        """The passage, with up to `pre` seconds of music before it."""
        pcm = self.store.pcm(self.track)
        self.offset = self._place(self.track, self.seconds)
        begin, count = round(self.offset * RATE), int(self.seconds * RATE)
        piece = pcm[max(0, begin - int(pre * RATE)) : begin + count]
        if pre and begin < int(pre * RATE):
            piece = np.concatenate([np.zeros((int(pre * RATE) - begin, 2), np.float32), piece])
        return piece if channels == 2 else piece.mean(axis=1)

    def cut_warped(self, time_ratio, pitch_ratio, pre=0.0):
        """Music with room on both sides and the index in it of the first output sample."""
        self.time_ratio, self.pitch_ratio = time_ratio, pitch_ratio
        pcm = self.store.pcm(self.track)
        self.offset = self._place(self.track, self.seconds * time_ratio)
        first = self.offset * RATE - pre * RATE * time_ratio
        margin = int(MARGIN_SECONDS * RATE)
        low = int(first) - margin
        high = int(self.offset * RATE + self.seconds * time_ratio * RATE) + margin
        piece = pcm[max(low, 0) : high].mean(axis=1)
        return np.concatenate([np.zeros(max(0, -low), np.float32), piece]), first - low

    def second_track(self):
        self.also_offset = self._place(self.other_track, self.seconds)
        begin = round(self.also_offset * RATE)
        return self.store.pcm(self.other_track)[begin : begin + int(self.seconds * RATE)].mean(axis=1)

    def _place(self, track, span):
        """A whole-sample start where at least 70 % of the passage sounds (frames above -50 dBFS)."""
        sounding = self.store.sounding(track)
        last = len(self.store.pcm(track)) / RATE - span - 0.01
        if last <= 0:
            raise ValueError(f"{track} is shorter than the clip")
        best = (-1.0, 0.0)
        for _ in range(60):
            at = round(self.rng.uniform(0, last) * RATE) / RATE
            share = float(sounding[int(at * 50) : int((at + span) * 50)].mean())
            best = max(best, (share, at))
            if share >= 0.7:
                break
        if best[0] < 0.2:
            raise ValueError(f"{track} is silent")
        return best[1]

    def sound(self, kind):
        """`seconds` of the pool: one file from a random place, or several after each other where they are short."""
        count, parts, names = int(self.seconds * RATE), [], []
        while sum(map(len, parts)) < count:
            item = self._pick(kind)
            samples = self.store.sound(item)
            room = max(0, len(samples) - count)
            powers = audio.frame_powers(samples)
            begin = int(self.rng.integers(0, room + 1))
            if powers[int(begin / RATE * 50) : int((begin + count) / RATE * 50) + 1].max() < powers.max() * 1e-3:
                begin = max(0, min(room, int(np.argmax(powers)) * RATE // 50 - count // 2))
            parts.append(samples[begin : begin + count])
            names.append(item.rsplit("/", 1)[-1])
        self.details[kind] = "+".join(names)
        return np.concatenate(parts)[:count]

    def _pick(self, kind):
        pool = self.pools[kind]
        return pool[int(self.rng.integers(0, len(pool)))]

    def room_response(self):
        """Half of the rooms are measured ones, as far as there are any, half are computed."""
        measured = self.measured_room() if self.number % 2 == 0 else None
        if measured is not None:
            return measured
        self.details["room"] = "shoebox"
        return effects.shoebox(self.rng)

    def measured_room(self):
        """None where the pools have none."""
        if not self.pools["rir"]:
            return None
        item = self._pick("rir")
        self.details["room"] = item.rsplit("/", 1)[-1]
        return self.store.sound(item)

    def save_clean(self):
        """The same passage as it is in the track; maker.clean_of() names the file."""
        begin = round(self.offset * RATE)
        piece = self.store.pcm(self.track)[begin : begin + int(self.seconds * RATE)]
        audio.write_wav(effects.fit(piece.mean(axis=1)), self.stem.with_name(f"{self.stem.name}_clean.wav"))

    def save_wav(self, samples, rate=RATE, law="pcm"):
        self.file = self.stem.with_suffix(".wav")
        audio.write_wav(samples, self.file, rate, law)

    def save_webm(self, samples):
        self.save_encoded(samples, ".webm", ["-c:a", "libopus", "-b:a", "32k", "-ar", "48000", "-f", "webm"])

    def save_encoded(self, samples, suffix, options):
        self.file = self.stem.with_suffix(suffix)
        audio.encode(samples, self.file, options)
