-- Unknown sounds that a station played at least twice, and when (docs/monitors.md).
CREATE TABLE sounds (
    id uuid PRIMARY KEY,
    monitor_id uuid NOT NULL,
    -- Its name: "unknown 12". From 1 for each monitor.
    number bigint NOT NULL CHECK (number > 0),

    -- Also of plays that were forgotten meanwhile.
    first_heard_at timestamptz NOT NULL,
    last_heard_at timestamptz NOT NULL CHECK (last_heard_at >= first_heard_at),
    seconds double precision NOT NULL CHECK (seconds >= 0),
    -- The track that it was kept as.
    track_id uuid,

    UNIQUE (monitor_id, number)
);

CREATE TABLE sound_plays (
    id uuid PRIMARY KEY,
    sound_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= started_at)
);

CREATE INDEX ix_sound_plays_sound ON sound_plays (sound_id, started_at DESC, id);
