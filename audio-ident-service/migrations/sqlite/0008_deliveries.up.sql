-- Final plays that the webhook has not taken yet, in the order in which it gets them (docs/monitors.md).
CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY,
    play_id TEXT NOT NULL UNIQUE,
    -- When the play became final.
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),

    -- The service that delivers it, until when unless it goes on. Only the first row has one.
    sender TEXT,
    claimed_until TEXT CHECK (claimed_until GLOB '????-??-??T??:??:??.??????Z')
) STRICT;
