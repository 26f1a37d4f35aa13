-- Final plays that the webhook has not taken yet, in the order in which it gets them (docs/monitors.md).
CREATE TABLE deliveries (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    play_id uuid NOT NULL UNIQUE,
    -- When the play became final.
    created_at timestamptz NOT NULL,

    -- The service that delivers it, until when unless it goes on. Only the first row has one.
    sender text,
    claimed_until timestamptz
);
