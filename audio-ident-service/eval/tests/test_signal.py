import unittest

import numpy as np

from eval.kit import audio, effects, noises, repeats, stretch
from eval.kit.audio import RATE


def bursts(seconds=8, every=0.4):
    """A short tone every `every` seconds, each of its own pitch."""
    out = np.zeros(int(seconds * RATE), np.float32)
    length = int(0.05 * RATE)
    for k in range(int(seconds / every)):
        begin = int(k * every * RATE)
        out[begin : begin + length] = np.sin(2 * np.pi * (600 + 80 * k) * np.arange(length) / RATE) * np.hanning(length)
    return out


class Interpolation(unittest.TestCase):
    def test_reads_a_sine_between_its_samples(self):
        sine = np.sin(2 * np.pi * 3000 * np.arange(20000) / RATE).astype(np.float32)
        positions = np.linspace(100, 19000, 12345)
        error = audio.interpolate(sine, positions) - np.sin(2 * np.pi * 3000 * positions / RATE)
        self.assertLess(np.abs(error).max(), 1e-3)

    def test_is_silent_outside(self):
        ones = np.ones(1000, np.float32)
        self.assertLess(np.abs(audio.interpolate(ones, np.array([-500.0, 5000.0]))).max(), 0.3)


class Levels(unittest.TestCase):
    def test_mix_reaches_the_snr_whatever_the_pauses(self):
        rng = np.random.default_rng(1)
        music, noise = rng.normal(size=(2, 5 * RATE)).astype(np.float32)
        noise[: 4 * RATE] = 0  # sounds for one second only
        for snr in (-5, 0, 10):
            added = effects.mix(music, noise, snr) - music
            heard = added[4 * RATE :]
            measured = 10 * np.log10(audio.active_power(music) / audio.active_power(heard))
            self.assertAlmostEqual(measured, snr, delta=0.2)

    def test_active_power_ignores_rumble(self):
        t = np.arange(2 * RATE) / RATE
        tone, rumble = 0.1 * np.sin(2 * np.pi * 1000 * t), np.sin(2 * np.pi * 15 * t)
        self.assertAlmostEqual(audio.active_power(tone + rumble), 0.005, delta=0.0005)


class Noises(unittest.TestCase):
    def test_each_is_broad_the_same_every_time_and_unlike_the_others(self):
        found = [noises.synthesise(name) for name in noises.BROAD["dev"]]
        for name, noise in zip(noises.BROAD["dev"], found):
            with self.subTest(name=name):
                self.assertTrue(np.isfinite(noise).all())
                self.assertAlmostEqual(float(noise.std()), 0.1, places=3)
                whole = np.square(noise, dtype=np.float64).mean()
                for low, high in ((100, 1000), (1000, 5000)):
                    self.assertGreater(np.square(audio.band(noise, low, high)).mean(), 1e-3 * whole)
        self.assertTrue((noises.synthesise(noises.BROAD["dev"][0]) == found[0]).all())
        for k, noise in enumerate(found[1:]):
            self.assertLess(abs(np.corrcoef(found[k], noise)[0, 1]), 0.9)
        self.assertFalse(set(noises.BROAD["dev"]) & set(noises.BROAD["test"]))


class Stretching(unittest.TestCase):
    def check(self, stretcher, time_ratio, pitch_ratio, tolerance_ms):
        begin = 0.2
        out = stretch.warp(bursts(), int(begin * RATE), time_ratio, pitch_ratio, 5 * RATE, stretcher)
        half = int(0.06 * RATE)
        for k in range(1, 12):
            centre = int((k * 0.4 + 0.025 - begin) / time_ratio * RATE)
            piece = out[centre - half : centre + half].astype(float)
            energy = piece**2
            late_ms = ((np.arange(len(piece)) * energy).sum() / energy.sum() - half) / RATE * 1000
            self.assertLess(abs(late_ms), tolerance_ms)
            peak = np.argmax(np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 16))) * RATE / (1 << 16)
            self.assertAlmostEqual(peak / (600 + 80 * k), pitch_ratio, delta=0.02)

    def test_time_and_pitch_land_where_they_should(self):
        for time_ratio, pitch_ratio in ((1.05, 1), (0.9, 1), (1, 2 ** (1 / 12)), (1, 2 ** (-3 / 12)), (1.1, 1.05)):
            with self.subTest(time_ratio=time_ratio, pitch_ratio=pitch_ratio):
                self.check(stretch.vocoder, time_ratio, pitch_ratio, 0.5)
                self.check(stretch.wsola, time_ratio, pitch_ratio, 12)
        self.check(stretch.wsola, 1.03, 1.03, 0.5)  # speed: plain resampling

    def test_reading_along_a_varying_speed_keeps_the_first_sample(self):
        speed = stretch.wow(np.random.default_rng(2), 4 * RATE, 0.01, 0.6)
        out = stretch.read_along(bursts(), 0, speed)
        travelled = np.concatenate([[0], np.cumsum(speed[:-1])])
        centre = int(np.searchsorted(travelled, (1.2 + 0.025) * RATE))
        energy = out[centre - 2000 : centre + 2000].astype(float) ** 2
        self.assertAlmostEqual((np.arange(4000) * energy).sum() / energy.sum(), 2000, delta=20)


class Rooms(unittest.TestCase):
    def test_the_direct_sound_keeps_its_place(self):
        click = np.zeros(RATE, np.float32)
        click[5000] = 1
        for seed in range(5):
            wet = effects.reverberate(click, effects.shoebox(np.random.default_rng(seed)))
            first = int(np.argmax(np.abs(wet) > 0.4 * np.abs(wet).max()))
            self.assertAlmostEqual(first, 5000, delta=0.003 * RATE)


class Repeats(unittest.TestCase):
    def test_finds_the_exact_repeats_of_a_loop_and_nothing_in_other_music(self):
        rng = np.random.default_rng(3)
        loop = rng.normal(size=(2 * RATE, 1)).astype(np.float32)
        other = rng.normal(size=(4 * RATE, 1)).astype(np.float32)
        track = repeats.Repeats(np.concatenate([loop, loop, other, loop]))
        self.assertEqual([round(p, 2) for p in track.of(0.5, 1.0)], [2.5, 8.5])
        self.assertEqual(track.of(5.0, 1.0), [])


if __name__ == "__main__":
    unittest.main()
