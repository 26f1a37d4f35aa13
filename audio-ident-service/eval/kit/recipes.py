"""One function a kind of query. Each cuts music from the draft's track, degrades it and saves the clip."""

import numpy as np

from eval.kit import effects
from eval.kit.audio import RATE, active_power, band, resample
from eval.kit.stretch import read_along, vocoder, wsola
from eval.kit.stretch import warp as stretch_warp
from eval.kit.stretch import wow as wow_speed

PRE_SECONDS = 1.5  # of music before the clip that a room still rings from


def clean(draft):
    draft.save_wav(draft.cut())


def mp3(draft):
    draft.save_encoded(draft.cut(channels=2), ".mp3", ["-c:a", "libmp3lame", "-b:a", "64k"])


def webm(draft):
    draft.save_webm(draft.cut())


def phone(draft):
    heard = effects.fit(band(draft.cut(), 300, 3400, order=6))
    draft.save_wav(resample(heard, RATE, 8000), rate=8000, law="mulaw")


def noise(draft, snr):
    draft.snr = snr
    draft.save_wav(effects.fit(effects.mix(draft.cut(), draft.sound("noise"), snr)))


def speech(draft, snr):
    draft.snr = snr
    draft.save_wav(effects.fit(effects.mix(draft.cut(), draft.sound("speech"), snr)))


def room(draft, snr):
    draft.snr = snr
    draft.save_webm(_through_the_air(draft, draft.cut(pre=PRE_SECONDS), snr))


def _through_the_air(draft, music, snr):
    count = int(draft.seconds * RATE)
    wet = effects.reverberate(music, draft.room_response())[-count:]
    return effects.microphone(effects.mix(wet, draft.sound("noise"), snr), draft.rng)


def phone_room(draft, snr):
    """Another phone in other rooms: measured ones and Schroeder's."""
    draft.snr = snr
    response = draft.measured_room() if draft.number % 2 == 0 else None
    response = effects.chamber(draft.rng) if response is None else response
    wet = effects.reverberate(draft.cut(pre=PRE_SECONDS), response)[-int(draft.seconds * RATE) :]
    draft.save_webm(effects.phone(effects.mix(wet, draft.sound("noise"), snr)))


def clip_equalise(draft):
    draft.save_wav(effects.fit(effects.equalise(effects.clip(draft.cut(), draft.rng), draft.rng)))


def broadcast(draft):
    draft.save_wav(effects.broadcast(draft.cut(), draft.rng))


def am_radio(draft):
    draft.save_wav(effects.am_radio(draft.cut(), draft.rng))


def under_talk(draft):
    """Music 6 to 10 dB below a voice and ducked by it, as in a broadcast or a video."""
    draft.snr = round(float(draft.rng.uniform(-10, -6)), 1)
    music, voice = draft.cut(), draft.sound("speech")
    total = np.cumsum(np.pad(np.abs(voice), RATE // 10), dtype=np.float64)
    level = (total[RATE // 5 :] - total[: -(RATE // 5)])[: len(voice)] / (RATE // 5)
    duck = 1 - 0.5 * np.minimum(1, level / (np.percentile(level, 90) + 1e-9))
    draft.save_encoded(
        effects.fit(effects.mix(music * duck.astype(np.float32), voice, draft.snr)),
        ".m4a",
        ["-c:a", "aac", "-b:a", "64k", "-ar", "44100"],
    )


def two_tracks(draft):
    """Two records at once, the second 0 to 6 dB below the first; either is a right answer."""
    draft.snr = round(float(draft.rng.uniform(0, 6)), 1)
    music = draft.cut()
    draft.save_wav(effects.fit(effects.mix(music, draft.second_track(), draft.snr)))


def _ratio(draft, percent):
    """±percent by turns; every other pair exact, the rest within a tenth of it and a bit."""
    sign = 1 if draft.number % 2 == 0 else -1
    spread = 0 if draft.number % 4 < 2 else 0.1 * percent + 0.1
    return 1 + sign * (percent + draft.rng.uniform(-spread, spread)) / 100


def warp(draft, time_percent=0, pitch=0):
    """Speed (pitch="speed"), tempo or pitch (semitones) changed."""
    time_ratio = _ratio(draft, time_percent) if time_percent else 1.0
    if pitch == "speed":
        pitch_ratio = time_ratio
    else:
        spread = 0 if draft.number % 4 < 2 or pitch == 0 else 0.15
        semitones = (1 if draft.number % 2 == 0 else -1) * (pitch + draft.rng.uniform(-spread, spread))
        pitch_ratio = 2 ** (semitones / 12)
    draft.save_wav(effects.fit(_warped(draft, time_ratio, pitch_ratio)))


def _warped(draft, time_ratio, pitch_ratio, pre=0.0):
    stretcher = (wsola, vocoder)[draft.number // 4 % 2]
    draft.details["stretcher"] = stretcher.__name__ if abs(time_ratio - pitch_ratio) > 1e-9 else "resampling"
    music, begin = draft.cut_warped(time_ratio, pitch_ratio, pre)
    count = int((draft.seconds + pre) * RATE)
    return stretch_warp(music, begin, time_ratio, pitch_ratio, count, stretcher)


def warp_any(draft):
    """Tempo within ±12 % and pitch within ±2.5 semitones, independent."""
    draft.save_wav(effects.fit(_warped(draft, draft.rng.uniform(0.88, 1.12), 2 ** (draft.rng.uniform(-2.5, 2.5) / 12))))


def speed_room(draft):
    """A deck at ±8 % heard in a room at 10 dB."""
    draft.snr = 10
    ratio = draft.rng.uniform(0.92, 1.08)
    draft.save_webm(_through_the_air(draft, _warped(draft, ratio, ratio, pre=PRE_SECONDS), 10))


def wow(draft):
    """A turntable: 0.5 to 1.5 % of wow at 0.4 to 1.3 Hz around a speed within ±1 %."""
    depth, base = draft.rng.uniform(0.005, 0.015), draft.rng.uniform(0.99, 1.01)
    count = int(draft.seconds * RATE)
    _along(draft, wow_speed(draft.rng, count, depth, draft.rng.uniform(0.4, 1.3), base))


def drift(draft):
    """The speed moves evenly from one value to another, both within ±4 %."""
    first, last = draft.rng.uniform(0.96, 1.04, 2)
    draft.details["from"], draft.details["to"] = round(first, 4), round(last, 4)
    _along(draft, np.linspace(first, last, int(draft.seconds * RATE)))


def _along(draft, speed):
    music, begin = draft.cut_warped(float(speed.mean()), float(speed.mean()))
    draft.save_wav(effects.fit(read_along(music, begin, speed)))


def only_noise(draft):
    draft.save_wav(effects.fit(draft.sound("noise")))


def only_speech(draft):
    draft.save_wav(effects.fit(draft.sound("speech")))


def near_silence(draft):
    """Dither, hum, a quiet room or exact zeros."""
    count, kind = int(draft.seconds * RATE), draft.number % 4
    hiss = draft.rng.normal(size=count).astype(np.float32)
    t = np.arange(count, dtype=np.float32) / RATE
    quiet = draft.sound("noise")
    draft.save_wav(
        (
            hiss * 2e-5,
            hiss * 2e-4 + 1e-3 * np.sin(2 * np.pi * 50 * t),
            quiet * np.float32(10**-2.5 / np.sqrt(active_power(quiet)) / 10),
            0 * hiss,
        )[kind]
    )


def tones(draft):
    """A sine, a sweep, a chord, keypad tones or a click track."""
    count, rng, kind = int(draft.seconds * RATE), draft.rng, draft.number % 5
    t = np.arange(count) / RATE
    if kind == 0:
        out = np.sin(2 * np.pi * rng.uniform(100, 4000) * t)
    elif kind == 1:
        low, high = np.sort(rng.uniform(50, 6000, 2))
        out = np.sin(2 * np.pi * (low * t + (high - low) * t**2 / 2 / draft.seconds))
    elif kind == 2:
        out = sum(np.sin(2 * np.pi * f * t) for f in rng.uniform(100, 2000) * np.array([1, 1.26, 1.5, 2]))
    elif kind == 3:
        rows, columns = np.array([697, 770, 852, 941]), np.array([1209, 1336, 1477])
        key = (t * 4).astype(int)
        pick = rng.integers(0, 12, key.max() + 1)[key]
        out = (np.sin(2 * np.pi * rows[pick // 3] * t) + np.sin(2 * np.pi * columns[pick % 3] * t)) * (t * 4 % 1 < 0.6)
    else:
        period = 60 / rng.uniform(60, 180)
        out = np.sin(2 * np.pi * 1500 * t) * np.exp(-(t % period) * 80)
    draft.save_wav((0.25 * out / np.abs(out).max()).astype(np.float32))
