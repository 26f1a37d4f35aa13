"""What the clients bring and ask: songs that only they have, clips of tracks, and strangers."""

from service import convert, music, write_wav

SONG_SECONDS = 12
CLIP_SECONDS = 6
STRANGERS = 4
FIRST_STRANGER = 90_000  # seeds of songs that never come into the library


class Clip:
    """Sound as a browser sends it, and the id of the track that it comes from, if any."""

    def __init__(self, folder, source, begin, track=None):
        webm = folder / f"{source.stem}.webm"
        cut = ("-ss", str(begin), "-t", str(CLIP_SECONDS), "-vn")
        convert(source, webm, *cut, "-c:a", "libopus", "-b:a", "48k", "-ar", "48000")
        self.sound = webm.read_bytes()
        self.track = track
        webm.unlink()


class Song:
    """A song that no other one is like."""

    def __init__(self, folder, number):
        self.title = f"Chaos {number}"
        self.file_name = f"Chaos band - {self.title}.wav"
        wav = folder / f"song-{number}.wav"
        write_wav(wav, music(number, SONG_SECONDS))
        self.sound = wav.read_bytes()
        self.clip = Clip(folder, wav, 3)
        wav.unlink()

    def write(self, folder, file):
        """The song as a tagged FLAC."""
        wav = folder / f"{file.stem}.wav"
        wav.write_bytes(self.sound)
        convert(wav, file, "-metadata", f"title={self.title}", "-metadata", "artist=Chaos band")
        wav.unlink()


def strangers(folder):
    return [Song(folder, FIRST_STRANGER + number).clip for number in range(STRANGERS)]
