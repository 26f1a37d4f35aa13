-- Timelines of recordings, queued, running and ended (docs/timeline.md).
CREATE TABLE timelines (
    id TEXT NOT NULL PRIMARY KEY
        CHECK (length(id) = 36 AND id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*'),

    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 500),
    -- The recording's file on the machine of the service, which may be gone by now.
    recording TEXT NOT NULL CHECK (length(recording) > 0),
    min_confidence REAL NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),

    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'finished', 'cancelled', 'failed')),
    -- UTC, microseconds, always 27 characters: text order is time order.
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.??????Z'),
    error TEXT,
    restarts INTEGER NOT NULL DEFAULT 0 CHECK (restarts >= 0),

    -- Of the recording: what was heard, and how long it claims to be.
    heard_seconds REAL NOT NULL DEFAULT 0 CHECK (heard_seconds >= 0),
    total_seconds REAL CHECK (total_seconds >= 0),
    entries INTEGER NOT NULL DEFAULT 0 CHECK (entries >= 0),

    -- Who plays when, as JSON (src/library/stored_timeline.hpp), and how often it was changed. Last, because it is long.
    revision INTEGER NOT NULL DEFAULT 0,
    result TEXT
) STRICT;

CREATE INDEX ix_timelines_created_at ON timelines (created_at DESC, id);
-- What the next start continues.
CREATE INDEX ix_timelines_unfinished ON timelines (created_at) WHERE status IN ('queued', 'running');
