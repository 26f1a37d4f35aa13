"""Dark music: tracks low-passed at 300, 600 or 1,200 Hz in turn. A codec stores them, and leaves its residue above."""

import multiprocessing
import subprocess
from pathlib import Path

CUTOFFS_HZ = (300, 600, 1200)
CODECS = ((".ogg", ("-c:a", "libvorbis", "-q:a", "4")), (".mp3", ("-c:a", "libmp3lame", "-b:a", "128k")))


def darken(music, folder, workers):
    """Writes a dark copy of each item into `folder`, and makes it the item's path. Its name tells the cut-off."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    for number, item in enumerate(music):
        suffix, codec = CODECS[number // len(CUTOFFS_HZ) % len(CODECS)]
        cutoff = CUTOFFS_HZ[number % len(CUTOFFS_HZ)]
        target = folder / f"{cutoff}hz_{number:04d}_{Path(item.path).stem}{suffix}"
        jobs.append((item.path, str(target), cutoff, codec))
        item.path = str(target)
    with multiprocessing.Pool(workers) as pool:
        pool.map(_write, jobs)


def _write(job):
    path, target, cutoff, codec = job
    # Two filters of 12 dB an octave each.
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", path, "-map", "0:a:0", "-t", "1800"]
    command += ["-af", f"lowpass=f={cutoff},lowpass=f={cutoff}", "-map_metadata", "-1", *codec]
    subprocess.run([*command, "-fflags", "+bitexact", "-flags:a", "+bitexact", target], check=True)
