"""The cells of the evaluation: a name, a clip length and a way to degrade the music."""

from dataclasses import dataclass, field, replace

from eval.kit import recipes


@dataclass(frozen=True)
class Cell:
    name: str
    seconds: float
    recipe: object  # finishes a draft: function of (Draft, **options)
    options: dict = field(default_factory=dict)
    negatives_only: bool = False
    needs: tuple = ()  # pools that must not be empty
    clean_too: bool = False  # saves the same passage as it is in the track


def all_cells():
    cells = [Cell(f"clean_{s}s", s, recipes.clean) for s in (2, 3, 5, 10)]
    cells += [
        Cell("mp3_64k_5s", 5, recipes.mp3),
        Cell("webm_32k_5s", 5, recipes.webm),
        Cell("webm_32k_2s", 2, recipes.webm),
        Cell("phone_5s", 5, recipes.phone),
    ]
    cells += [Cell(f"noise_{snr}db_5s", 5, recipes.noise, {"snr": snr}) for snr in (10, 5, 0, -5)]
    cells += [Cell("noise_0db_2s", 2, recipes.noise, {"snr": 0}), Cell("noise_0db_10s", 10, recipes.noise, {"snr": 0})]
    cells += [Cell(f"noise_{snr}db_{s}s", s, recipes.noise, {"snr": snr}) for snr, s in ((5, 2), (0, 3))]
    cells += [Cell(f"speech_{snr}db_5s", 5, recipes.speech, {"snr": snr}, needs=("speech",)) for snr in (10, 5, 0, -5)]
    cells += [
        Cell(f"room_{snr}db_{s}s", s, recipes.room, {"snr": snr})
        for snr, s in ((10, 5), (10, 2), (10, 3), (3, 5), (3, 10))
    ]
    cells += [
        Cell("clip_eq_5s", 5, recipes.clip_equalise),
        Cell("broadcast_5s", 5, recipes.broadcast),
        Cell("am_radio_5s", 5, recipes.am_radio),
        Cell("under_talk_5s", 5, recipes.under_talk, needs=("speech",)),
        Cell("two_tracks_5s", 5, recipes.two_tracks),
    ]
    cells += [Cell(f"speed_{p}pc_5s", 5, recipes.warp, {"time_percent": p, "pitch": "speed"}) for p in (2, 5, 10)]
    cells += [Cell(f"tempo_{p}pc_5s", 5, recipes.warp, {"time_percent": p}) for p in (5, 10, 15)]
    cells += [Cell(f"pitch_{p}st_5s", 5, recipes.warp, {"pitch": p}) for p in (1, 3)]
    cells += [
        Cell("warp_any_5s", 5, recipes.warp_any),
        Cell("wow_5s", 5, recipes.wow),
        Cell("drift_10s", 10, recipes.drift),
        Cell("speed_room_5s", 5, recipes.speed_room),
    ]
    cells += [
        Cell("only_noise_5s", 5, recipes.only_noise, negatives_only=True),
        Cell("only_speech_5s", 5, recipes.only_speech, negatives_only=True, needs=("speech",)),
        Cell("near_silence_5s", 5, recipes.near_silence, negatives_only=True),
        Cell("tones_5s", 5, recipes.tones, negatives_only=True),
    ]
    return cells


def dark_cells():
    """Music without treble (kit/dark.py), like piano, cello, organ or a bass through a wall. The noise keeps its
    bandwidth."""
    return [Cell(f"dark_{snr}db_5s", 5, recipes.noise, {"snr": snr}) for snr in (30, 10, 5, 0)]


def live_cells():
    """Clips of 15 s, longer than a live answer may take."""
    return [
        Cell("clean_15s", 15, recipes.clean),
        Cell("webm_32k_15s", 15, recipes.webm),
        Cell("phone_15s", 15, recipes.phone),
        Cell("room_10db_15s", 15, recipes.room, {"snr": 10}),
        Cell("room_3db_15s", 15, recipes.room, {"snr": 3}),
        Cell("noise_0db_15s", 15, recipes.noise, {"snr": 0}),
        Cell("speech_0db_15s", 15, recipes.speech, {"snr": 0}, needs=("speech",)),
        Cell("speed_5pc_15s", 15, recipes.warp, {"time_percent": 5, "pitch": "speed"}),
        Cell("only_speech_15s", 15, recipes.only_speech, negatives_only=True, needs=("speech",)),
        Cell("tones_15s", 15, recipes.tones, negatives_only=True),
    ]


def vibe_cells():
    """Clips of 10 s, the length that a vector describes, and shorter ones. phone_room: phones and rooms of kinds that
    the training of the map does not use."""
    cells = [
        Cell("clean_10s", 10, recipes.clean),
        Cell("mp3_64k_10s", 10, recipes.mp3),
        Cell("noise_5db_10s", 10, recipes.noise, {"snr": 5}),
        Cell("noise_0db_10s", 10, recipes.noise, {"snr": 0}),
        Cell("room_10db_10s", 10, recipes.room, {"snr": 10}),
        Cell("room_3db_10s", 10, recipes.room, {"snr": 3}),
    ]
    cells += [Cell(f"phone_room_{snr}db_{s}s", s, recipes.phone_room, {"snr": snr}) for s in (10, 5) for snr in (10, 3)]
    cells += [Cell(f"speech_0db_{s}s", s, recipes.speech, {"snr": 0}, needs=("speech",)) for s in (10, 5)]
    return [replace(cell, clean_too=cell.name != "clean_10s") for cell in cells]


def guard_cells():
    """The cells of eval/guard.py: some of those above, and some where many clips are missed, since a change of accuracy
    shows there first. None needs a recording of noise, speech or a room."""
    names = (
        "clean_2s",
        "webm_32k_5s",
        "phone_5s",
        "noise_0db_5s",
        "noise_-5db_5s",
        "noise_0db_2s",
        "room_10db_5s",
        "room_10db_2s",
        "room_3db_5s",
        "clip_eq_5s",
        "am_radio_5s",
        "two_tracks_5s",
        "speed_5pc_5s",
        "tempo_10pc_5s",
        "pitch_3st_5s",
        "warp_any_5s",
        "drift_10s",
        "speed_room_5s",
        "only_noise_5s",
        "near_silence_5s",
        "tones_5s",
    )
    return [c for c in all_cells() if c.name in names] + [
        Cell("noise_-5db_2s", 2, recipes.noise, {"snr": -5}),
        Cell("noise_-10db_5s", 5, recipes.noise, {"snr": -10}),
        Cell("room_3db_2s", 2, recipes.room, {"snr": 3}),
        Cell("room_-3db_5s", 5, recipes.room, {"snr": -3}),
        Cell("speed_room_2s", 2, recipes.speed_room),
    ]
