"""Musly 0.2 (github.com/dominikschnitzer/musly): which tracks sound alike? Its library: peers/build_musly.sh.

Method "timbre" (its default), with the style set from all tracks. As in its own program, half a minute of each track
counts: from the middle, starting at 48 s at the latest."""

import ctypes

import numpy as np

from eval.kit.audio import decode

RATE, EXCERPT_SECONDS, LATEST_SECONDS = 22050, 30, 48


def similar(library, paths):
    """For each track the other tracks, most similar first."""
    musly = ctypes.CDLL(str(library))
    for name in ("musly_jukebox_poweron", "musly_track_alloc"):
        getattr(musly, name).restype = ctypes.c_void_p
    box = ctypes.c_void_p(musly.musly_jukebox_poweron(b"timbre", None))
    count = len(paths)
    tracks, ids = (ctypes.c_void_p * count)(), (ctypes.c_int * count)()
    for i, path in enumerate(paths):
        tracks[i] = musly.musly_track_alloc(box)
        samples = _excerpt(decode(path, rate=RATE, seconds=36000))
        pointer = samples.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        if musly.musly_track_analyze_pcm(box, pointer, len(samples), ctypes.c_void_p(tracks[i])):
            raise SystemExit(f"musly cannot analyse {path}")
    if (
        musly.musly_jukebox_setmusicstyle(box, tracks, count)
        or musly.musly_jukebox_addtracks(box, tracks, ids, count, 1) < 0
    ):
        raise SystemExit("musly takes no tracks")
    found = {}
    for i, path in enumerate(paths):
        distances = np.zeros(count, np.float32)
        musly.musly_jukebox_similarity(
            box,
            ctypes.c_void_p(tracks[i]),
            ids[i],
            tracks,
            ids,
            count,
            distances.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
        )
        found[path] = [paths[j] for j in np.argsort(distances, kind="stable") if j != i]
    return found


def _excerpt(samples):
    count = EXCERPT_SECONDS * RATE
    begin = min(max(0, (len(samples) - count) // 2), LATEST_SECONDS * RATE)
    return np.ascontiguousarray(samples[begin : begin + count], np.float32)
