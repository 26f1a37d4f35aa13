-- Stations that are listened to, what they played, and when they could not be heard (docs/monitors.md).
CREATE TABLE monitors (
    id uuid PRIMARY KEY,

    name varchar(500) NOT NULL UNIQUE CHECK (name <> ''),
    source varchar(4096) NOT NULL CHECK (source <> ''),
    min_confidence double precision NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),
    paused bigint NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    created_at timestamptz NOT NULL,

    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'connecting', 'listening', 'failing', 'ended')),
    detail text,
    status_at timestamptz NOT NULL,
    heard_at timestamptz,
    hint text,

    -- The service that listens, until when unless it goes on.
    keeper text,
    kept_until timestamptz
);

-- A track was played. Of the track what the library knew then, because it may be gone by now.
CREATE TABLE plays (
    id uuid PRIMARY KEY,
    monitor_id uuid NOT NULL,
    track_id uuid NOT NULL,
    title text NOT NULL,
    artist text,

    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= started_at),
    place_seconds double precision NOT NULL,
    end_place_seconds double precision NOT NULL,
    speed double precision NOT NULL CHECK (speed > 0),
    pitch double precision NOT NULL CHECK (pitch > 0),
    confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- JSON: stretches that were not heard.
    gaps text NOT NULL DEFAULT '[]',
    -- Whether later seconds can still change it.
    final bigint NOT NULL CHECK (final IN (0, 1)),
    hint text
);

CREATE INDEX ix_plays_started_at ON plays (started_at DESC, id);
CREATE INDEX ix_plays_monitor ON plays (monitor_id, started_at DESC, id);
CREATE INDEX ix_plays_track ON plays (track_id, started_at DESC, id);

CREATE TABLE outages (
    id uuid PRIMARY KEY,
    monitor_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz CHECK (ended_at >= started_at),
    reason text NOT NULL
);

CREATE INDEX ix_outages_monitor ON outages (monitor_id, started_at DESC, id);
