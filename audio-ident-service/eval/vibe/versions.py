"""Random versions of a passage of music: what loudspeakers, rooms, noises, talk, microphones and codecs make of it.
Every setting is drawn anew, in ranges wider than any one phone or room, so that a map learns what all of them have in
common. All signals are mono at 16 kHz, the rate of the network."""

import subprocess

import numpy as np

from eval.kit import audio, corpus, effects, maker, noises
from eval.vibe.mel import RATE

ROOMS = 48  # computed ones of each kind
CODECS = (
    ("libopus", "ogg", (10, 48)),
    ("libmp3lame", "mp3", (16, 64)),
    ("aac", "adts", (20, 64)),
    ("libgsm", "gsm", None),
    ("pcm_mulaw", "wav", None),
)


def knee(frequency, low, high, low_order, high_order):
    """Gains of a Butterworth-shaped band-pass whose two flanks differ in steepness."""
    f = np.maximum(frequency, 1.0)
    return 1 / np.sqrt((1 + (low / f) ** (2 * low_order)) * (1 + (f / high) ** (2 * high_order)))


def curve(frequency, rng, bands, range_db):
    """A smooth random curve over log frequency."""
    knots = np.linspace(np.log(60), np.log(8000), bands)
    gains = rng.uniform(-range_db, range_db, bands)
    return 10 ** (np.interp(np.log(np.maximum(frequency, 1)), knots, gains) / 20)


def loudspeaker(frequency, rng):
    low, high = np.exp(rng.uniform(np.log([40, 2500]), np.log([500, 8000])))
    return knee(frequency, low, high, rng.uniform(1, 4), rng.uniform(1, 4)) * curve(
        frequency, rng, 8, rng.uniform(0, 9)
    )


def decaying(rng):
    """A room as noise that decays, the treble faster than the bass, behind a direct sound that may be weak."""
    rt60, direct_db = np.exp(rng.uniform(np.log(0.15), np.log(2.5))), rng.uniform(-12, 9)
    t = np.arange(int(RATE * min(2.0, 1.2 * rt60 + 0.05))) / RATE
    tail = np.zeros(len(t), np.float32)
    edges = np.array([20, 250, 500, 1000, 2000, 4000, 8000])
    times = rt60 * np.exp(np.cumsum(rng.normal(-0.12, 0.18, len(edges) - 1)))
    for low, high, seconds in zip(edges[:-1], edges[1:], times):
        hiss = audio.band(rng.normal(size=len(t)).astype(np.float32), low, high, RATE, order=3)
        tail += hiss * np.exp(-6.91 * t / max(0.08, seconds)) * 10 ** (rng.uniform(-4, 4) / 20)
    gap = int(rng.uniform(0, 0.02) * RATE)
    tail[:gap] = 0
    for _ in range(rng.integers(0, 12)):
        tail[rng.integers(0, max(1, min(len(t), RATE // 12)))] += rng.normal() * np.sqrt(np.square(tail).sum()) * 0.2
    tail[0] = np.sqrt(np.square(tail).sum()) * 10 ** (direct_db / 20)
    return tail


def squeeze(samples, rng):
    """A compressor, limiter or automatic gain of random ratio, speed and depth, on levels of 5 ms."""
    step = RATE // 200
    level = 10 * np.log10(audio.frame_powers(samples, RATE, 0.005) + 1e-10)
    threshold = np.percentile(level, 95) - rng.uniform(3, 30)
    wanted = -np.maximum(level - threshold, 0) * (1 - 1 / rng.uniform(1.5, 15))
    down, up = np.exp(-0.005 / np.exp(rng.uniform(np.log([0.001, 0.03]), np.log([0.08, 2.0]))))
    gain, state = np.empty_like(wanted), wanted[0]
    for k, value in enumerate(wanted):
        keep = down if value < state else up
        state = keep * state + (1 - keep) * value
        gain[k] = state
    at = np.interp(np.arange(len(samples)), (np.arange(len(gain)) + 0.5) * step, gain)
    return samples * (10 ** (at / 20)).astype(np.float32)


def gate(samples, rng):
    """What a phone's noise suppressor leaves: each bin is lowered towards its quiet moments."""
    size, hop = 512, 256
    padded = np.pad(samples, (size, size))
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size).astype(np.float32)
    frames = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * window, axis=1)
    power = np.abs(frames) ** 2
    floor = np.percentile(power, rng.uniform(5, 30), axis=0)
    gain = np.maximum(1 - rng.uniform(0.5, 2) * floor / (power + 1e-12), 10 ** (-rng.uniform(6, 18) / 10)) ** 0.5
    parts = np.fft.irfft(frames * gain, axis=1) * window
    out = np.zeros((len(parts) + 1) * hop, np.float32)
    out[: len(parts) * hop] += parts[:, :hop].ravel()
    out[hop:] += parts[:, hop:].ravel()
    return out[size : size + len(samples)]


def code(samples, rng):
    """Through a codec and back, with the delay that it has."""
    codec, form, bits = CODECS[rng.integers(len(CODECS))]
    rate = 8000 if bits is None else RATE
    coded = ["-c:a", codec, "-ar", str(rate), "-f", form] + (["-b:a", f"{rng.integers(*bits)}k"] if bits else [])
    raw = ["-f", "f32le", "-ac", "1", "-ar", str(RATE)]
    tool = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1"]
    plain = effects.fit(samples).astype("<f4").tobytes()
    sent = subprocess.run(
        [*tool, *raw, "-i", "pipe:0", *coded, "pipe:1"], input=plain, capture_output=True, check=False
    ).stdout
    heard = subprocess.run(
        [*tool, "-f", form.replace("adts", "aac"), "-i", "pipe:0", *raw, "pipe:1"],
        input=sent,
        capture_output=True,
        check=False,
    )
    back = np.frombuffer(heard.stdout, "<f4")
    if len(back) < 0.9 * len(samples):
        raise RuntimeError(f"{codec}: {heard.stderr.decode(errors='replace')[:200]}")
    return np.pad(back, (0, max(0, len(samples) - len(back))))[: len(samples)]


def _hiss(rng, count):
    slope = rng.uniform(0, 1.2)
    return audio.shape(rng.normal(size=count).astype(np.float32), lambda f: np.maximum(f, 40.0) ** -slope, RATE)


class Versions:
    """Draws versions. Recorded noises, speech and rooms come from the dev half of `pools`."""

    def __init__(self, pools):
        self._sounds = {}
        for kind in ("noise", "speech", "rir"):
            found = [i for i in corpus.scan(pools) if i.kind == kind]
            corpus.split_pool(found, maker.rng_for(1, kind))
            self._sounds[kind] = [audio.decode(i.path, RATE, 120) for i in found if i.half == "dev"]
        made = (noises.synthesise(name) for name in noises.BROAD["dev"] + noises.COLOURS)
        self._sounds["noise"] += [audio.resample(sound, audio.RATE, RATE) for sound in made]
        rng = maker.rng_for("rooms")
        boxes = [audio.resample(effects.shoebox(rng), audio.RATE, RATE) for _ in range(ROOMS)]
        self._rooms = {"measured": self._sounds["rir"], "box": boxes, "decay": [decaying(rng) for _ in range(ROOMS)]}

    def _stretch(self, kind, rng, count):
        parts, pool = [], self._sounds[kind]
        while sum(map(len, parts)) < count:
            sound = pool[rng.integers(len(pool))]
            parts.append(sound[int(rng.integers(0, max(1, len(sound) - count))) :][:count])
        return np.concatenate(parts)[:count]

    def _noise(self, rng, count):
        """One or two sounds: recorded or made noise, coloured hiss, a voice, several voices."""
        sum_ = np.zeros(count, np.float32)
        for _ in range(1 + (rng.random() < 0.3)):
            kind = rng.random()
            if kind < 0.5:
                sound = self._stretch("noise", rng, count)
            elif kind < 0.65:
                sound = _hiss(rng, count)
            elif kind < 0.87:
                sound = self._stretch("speech", rng, count)
            else:
                voices = (self._stretch("speech", rng, count) for _ in range(rng.integers(3, 9)))
                sound = sum(v / np.sqrt(np.square(v).mean() + 1e-9) for v in voices)
            if rng.random() < 0.5:
                sound = self._filtered(sound, rng, rng.random() < 0.5)
            sum_ += sound / np.sqrt(np.square(sound).mean() + 1e-9) * rng.uniform(0.4, 1)
        return sum_

    def _room(self, rng):
        kind = ("measured", "box", "decay")[rng.choice(3, p=(0.2, 0.4, 0.4))]
        return from_direct_sound(self._rooms[kind][rng.integers(len(self._rooms[kind]))])

    def _filtered(self, samples, rng, in_room):
        """Through a loudspeaker and, where asked, a room."""
        response = self._room(rng) if in_room else np.ones(1, np.float32)
        size = audio.fast_length(len(samples) + len(response))
        gain = loudspeaker(np.fft.rfftfreq(size, 1 / RATE), rng)
        spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size) * gain
        return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)

    def make(self, music, rng, lead):
        """A version of `music` without its first `lead` samples, which only rooms, gains and codecs hear."""
        heard = music
        if rng.random() < 0.8:
            heard = self._filtered(heard, rng, rng.random() < 0.8)
        if rng.random() < 0.85:
            noise = self._noise(rng, len(heard))
            gain = np.sqrt(power(heard) / power(noise) / 10 ** (rng.uniform(-4, 18) / 10))
            heard = heard + np.float32(gain) * noise
        if rng.random() < 0.75:
            size = audio.fast_length(len(heard))
            gain = loudspeaker(np.fft.rfftfreq(size, 1 / RATE), rng)
            heard = np.fft.irfft(np.fft.rfft(heard, size) * gain, size)[: len(heard)].astype(np.float32)
            heard = heard + np.float32(np.sqrt(power(heard) / 10 ** (rng.uniform(2.2, 5)))) * rng.normal(
                size=len(heard)
            ).astype(np.float32)
        if rng.random() < 0.1:
            heard = gate(heard, rng)
        if rng.random() < 0.5:
            heard = squeeze(heard, rng)
        if rng.random() < 0.2:
            top = np.quantile(np.abs(heard), 0.999) + 1e-9
            heard = np.tanh(heard * np.float32(10 ** (rng.uniform(0, 12) / 20) / top)).astype(np.float32)
        if rng.random() < 0.3:
            heard = code(heard, rng)
        return effects.fit(heard[lead:])


def from_direct_sound(response):
    """A room's response from its direct sound on."""
    top = np.abs(response)
    return (response / np.sqrt(np.square(response).sum()))[int(np.argmax(top >= 0.5 * top.max())) :]


def power(samples):
    powers = audio.frame_powers(samples, RATE)
    return float(powers[powers >= np.percentile(powers, 95) * 1e-3].mean()) + 1e-12
