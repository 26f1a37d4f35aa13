-- Stations that are listened to, what they played, and when they could not be heard (docs/monitors.md).
CREATE TABLE monitors (
    id TEXT NOT NULL PRIMARY KEY
        CHECK (length(id) = 36 AND id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*'),

    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 500),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 4096),
    min_confidence REAL NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    -- UTC, microseconds, always 27 characters: text order is time order.
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),

    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'connecting', 'listening', 'failing', 'ended')),
    detail TEXT,
    status_at TEXT NOT NULL CHECK (status_at GLOB '????-??-??T??:??:??.??????Z'),
    heard_at TEXT CHECK (heard_at GLOB '????-??-??T??:??:??.??????Z'),
    hint TEXT,

    -- The service that listens, until when unless it goes on.
    keeper TEXT,
    kept_until TEXT CHECK (kept_until GLOB '????-??-??T??:??:??.??????Z')
) STRICT;

-- A track was played. Of the track what the library knew then, because it may be gone by now.
CREATE TABLE plays (
    id TEXT NOT NULL PRIMARY KEY
        CHECK (length(id) = 36 AND id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*'),
    monitor_id TEXT NOT NULL,
    track_id TEXT NOT NULL,
    title TEXT NOT NULL,
    artist TEXT,

    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT NOT NULL CHECK (ended_at GLOB '????-??-??T??:??:??.??????Z' AND ended_at >= started_at),
    place_seconds REAL NOT NULL,
    end_place_seconds REAL NOT NULL,
    speed REAL NOT NULL CHECK (speed > 0),
    pitch REAL NOT NULL CHECK (pitch > 0),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- JSON: stretches that were not heard.
    gaps TEXT NOT NULL DEFAULT '[]',
    -- Whether later seconds can still change it.
    final INTEGER NOT NULL CHECK (final IN (0, 1)),
    hint TEXT
) STRICT;

CREATE INDEX ix_plays_started_at ON plays (started_at DESC, id);
CREATE INDEX ix_plays_monitor ON plays (monitor_id, started_at DESC, id);
CREATE INDEX ix_plays_track ON plays (track_id, started_at DESC, id);

CREATE TABLE outages (
    id TEXT NOT NULL PRIMARY KEY
        CHECK (length(id) = 36 AND id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*'),
    monitor_id TEXT NOT NULL,
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT CHECK (ended_at GLOB '????-??-??T??:??:??.??????Z' AND ended_at >= started_at),
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX ix_outages_monitor ON outages (monitor_id, started_at DESC, id);
