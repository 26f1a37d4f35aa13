-- Timelines of recordings, queued, running and ended (docs/timeline.md).
CREATE TABLE timelines (
    id uuid PRIMARY KEY,

    name varchar(500) NOT NULL CHECK (name <> ''),
    -- The recording's file on the machine of the service, which may be gone by now.
    recording text NOT NULL CHECK (recording <> ''),
    min_confidence double precision NOT NULL CHECK (min_confidence BETWEEN 0 AND 1),

    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'finished', 'cancelled', 'failed')),
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    error text,
    restarts bigint NOT NULL DEFAULT 0 CHECK (restarts >= 0),

    -- Of the recording: what was heard, and how long it claims to be.
    heard_seconds double precision NOT NULL DEFAULT 0 CHECK (heard_seconds >= 0),
    total_seconds double precision CHECK (total_seconds >= 0),
    entries bigint NOT NULL DEFAULT 0 CHECK (entries >= 0),

    -- Who plays when, as JSON (src/library/stored_timeline.hpp), and how often it was changed.
    revision bigint NOT NULL DEFAULT 0,
    result text
);

CREATE INDEX ix_timelines_created_at ON timelines (created_at DESC, id);
-- What the next start continues.
CREATE INDEX ix_timelines_unfinished ON timelines (created_at) WHERE status IN ('queued', 'running');
