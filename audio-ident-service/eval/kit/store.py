"""Decoded audio by path, the last few kept; made-up noise where there is no pool of recorded noise."""

from collections import OrderedDict

import numpy as np

from eval.kit import audio, noises
from eval.kit.repeats import Repeats


class Store:
    def __init__(self, tracks=3, sounds=64):
        self._tracks, self._sounds = OrderedDict(), OrderedDict()
        self._most_tracks, self._most_sounds = tracks, sounds

    def pcm(self, path):
        """Stereo samples of a track."""
        return self._track(path)["pcm"]

    def sounding(self, path):
        """One flag for each 20 ms of a track: louder than -50 dBFS."""
        return self._track(path)["sounding"]

    def repeats(self, path):
        entry = self._track(path)
        if "repeats" not in entry:
            entry["repeats"] = Repeats(entry["pcm"])
        return entry["repeats"]

    def _track(self, path):
        if path not in self._tracks:
            pcm = audio.decode_channels(path)
            pcm = pcm if pcm.shape[1] == 2 else np.repeat(pcm.mean(axis=1, keepdims=True), 2, axis=1)
            self._tracks[path] = {"pcm": pcm, "sounding": audio.frame_powers(pcm.mean(axis=1)) > 1e-5}
        return _recent(self._tracks, path, self._most_tracks)

    def sound(self, path):
        """Mono samples of a noise, a voice or a room response."""
        if path not in self._sounds:
            self._sounds[path] = noises.synthesise(path) if path.startswith("synthetic:") else audio.decode(path)
        return _recent(self._sounds, path, self._most_sounds)


def _recent(entries, key, most):
    entries.move_to_end(key)
    while len(entries) > most:
        entries.popitem(last=False)
    return entries[key]
