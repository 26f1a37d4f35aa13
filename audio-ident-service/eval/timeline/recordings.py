"""The kinds of recordings: sets, radio hours, a party heard by a phone, a tape, and music that nobody has."""

import numpy as np

from eval.kit import audio, effects
from eval.kit.audio import RATE
from eval.kit.stretch import wow


def _fade_in(seconds):
    def gain(count):
        return np.sin(np.pi / 2 * np.minimum(1, np.arange(count) / max(1, seconds * RATE)))

    return gain


def _cross_fade(fade_in, fade_out):
    def gain(count):
        begin = _fade_in(fade_in)(count) if fade_in else np.ones(count)
        end = _fade_in(fade_out)(count)[::-1] if fade_out else np.ones(count)
        return begin * end

    return gain


def dj(desk, minutes, change, keep_pitch):
    """A set: cross-fades of 4 to 16 s, each track at a speed of its own within ±change; with the pitch kept or not."""
    at, fade = 0.0, 0.0
    while at < minutes * 60:
        ratio = 1 + desk.rng.uniform(-change, change)
        seconds = desk.rng.uniform(60, 110)
        track = desk.next_track(30)
        length = len(track[1]) / RATE
        seconds = min(seconds, (length - 1) / ratio - 1)
        begin = desk.rng.uniform(0, max(0.0, length - 1 - seconds * ratio))
        next_fade = min(desk.rng.uniform(4, 16), seconds / 3)
        desk.play(
            at,
            track,
            begin,
            seconds,
            ratio,
            1.0 if keep_pitch else ratio,
            _cross_fade(min(fade, seconds / 3), next_fade),
        )
        at += seconds - next_fade
        fade = next_fade


def dj_drift(desk, minutes):
    """A set whose pitch fader moves: the speed goes evenly from one value to another, both within ±6 %."""
    at = 0.0
    while at < minutes * 60:
        track = desk.next_track(60)
        seconds = min(desk.rng.uniform(60, 100), len(track[1]) / RATE * 0.9)
        first, last = 1 + desk.rng.uniform(-0.06, 0.06, 2)
        desk.play_along(at, track, 0.0, np.linspace(first, last, int(seconds * RATE)))
        at += seconds


def radio(desk, minutes, jingles):
    """Talk over beginnings and ends, jingles, adverts, tracks cut short; the sound of a loud station."""
    at = 0.0
    while at < minutes * 60:
        track = desk.next_track(30)
        length = len(track[1]) / RATE
        begin = desk.rng.choice([0.0, desk.rng.uniform(0, 10)])
        seconds = min(length - begin, desk.rng.uniform(50, 120)) - 0.05
        desk.play(at, track, begin, seconds)
        if desk.rng.random() < 0.6:
            desk.talk_over(at, desk.rng.uniform(4, 10), desk.rng.uniform(6, 12))
        if desk.rng.random() < 0.5:
            over = desk.rng.uniform(4, 8)
            desk.talk_over(at + seconds - over, over, desk.rng.uniform(6, 12))
        at += seconds
        if desk.rng.random() < 0.6 and jingles:
            path, samples = jingles[int(desk.rng.integers(len(jingles)))]
            desk.play(at, (path, samples, True), 0.0, len(samples) / RATE)
            at += len(samples) / RATE
        if desk.rng.random() < 0.5:
            talk = desk.rng.uniform(4, 15)
            desk.add(at, desk.sound("speech", talk))
            at += talk
    desk.process(lambda x: effects.broadcast(x, desk.rng))


def party(desk, minutes, room):
    """A phone in a room with people: tracks one after another, reverberation, a crowd 3 to 8 dB below, a microphone."""
    dj(desk, minutes, 0.0, True)
    _in_room(desk, room)


def _in_room(desk, room):
    desk.process(lambda x: effects.reverberate(x, room))
    desk.process(lambda x: effects.mix(x, desk.sound("noise", len(x) / RATE + 1)[: len(x)], desk.rng.uniform(3, 8)))
    desk.process(lambda x: effects.microphone(x, desk.rng))


def tape(desk, minutes):
    """A worn tape: 2 % of wow, drop-outs, 8 kHz of hiss; two seconds of silence between the tracks."""
    at = 0.0
    rate = desk.rng.uniform(0.4, 1.2)
    while at < minutes * 60:
        track = desk.next_track(30)
        seconds = min(len(track[1]) / RATE * 0.95 - 1, desk.rng.uniform(60, 110))
        desk.play_along(at, track, 0.0, wow(desk.rng, int(seconds * RATE), 0.01, rate))
        at += seconds + 2
    for _ in range(int(minutes * 6)):
        begin = desk.rng.uniform(0, desk.seconds - 1)
        desk.duck(begin, begin + desk.rng.uniform(0.1, 0.6), desk.rng.uniform(0, 0.1))
    desk.process(lambda x: audio.band(x, 60, 8000, order=2))
    hiss = desk.rng.normal(size=len(desk.samples)).astype(np.float32)
    desk.process(lambda x: effects.mix(x, hiss, 30))


def again(desk, minutes):
    """Songs, adverts and jingles that are in no library and come several times: the songs cut at other places and
    talked over, the adverts and jingles whole; between them tracks of the library."""
    rng = desk.rng
    songs = [desk.next_stranger(60) for _ in range(max(2, int(minutes / 4)))]
    clips = []  # (track, where in it, seconds)
    for least, most, count in ((10, 25, max(2, int(minutes / 4))), (3, 6, max(2, int(minutes / 5)))):
        for _ in range(count):
            track = desk.next_stranger(60)
            clips.append((track, rng.uniform(10, 30), rng.uniform(least, most)))
    at = 0.0
    while at < minutes * 60:
        turn = rng.random()
        if turn < 0.3:
            track = songs[int(rng.integers(len(songs)))]
            length = len(track[1]) / RATE
            begin = rng.choice([0.0, rng.uniform(0, 15)])
            seconds = min(length - begin - 0.1, rng.uniform(40, 90))
            desk.play(at, track, begin, seconds)
            if rng.random() < 0.5:
                desk.talk_over(at, rng.uniform(3, 8), rng.uniform(6, 12))
        elif turn < 0.6:
            track, begin, seconds = clips[int(rng.integers(len(clips)))]
            desk.play(at, track, begin, seconds)
        else:
            track = desk.next_track(30)
            if not track[2]:
                continue
            seconds = min(len(track[1]) / RATE - 0.1, rng.uniform(20, 50))
            desk.play(at, track, 0.0, seconds)
        at += seconds


def again_radio(desk, minutes):
    """again(), with the sound of a loud station."""
    again(desk, minutes)
    desk.process(lambda x: effects.broadcast(x, desk.rng))


def again_party(desk, minutes, room):
    """again(), heard by a phone in a room with people."""
    again(desk, minutes)
    _in_room(desk, room)


def strangers(desk, minutes):
    """Nothing from the library: other music, talk, noise and silence in turn."""
    at = 0.0
    while at < minutes * 60:
        track = desk.next_track(30)
        seconds = min(len(track[1]) / RATE - 0.1, desk.rng.uniform(40, 90))
        desk.play(at, track, 0.0, seconds)
        at += seconds + float(desk.rng.choice([0, 3]))
        if desk.rng.random() < 0.4:
            other = desk.sound(str(desk.rng.choice(["speech", "noise"])), 15)
            desk.add(at, other)
            at += 15
