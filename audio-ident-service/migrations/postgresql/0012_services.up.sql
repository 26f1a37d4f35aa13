-- The services that are running, for `audio-ident doctor --cluster`. Each renews its row every few seconds and removes
-- it when it ends in order; the row of one that was killed stays for an hour.
CREATE TABLE services (
    id uuid PRIMARY KEY,
    -- Version, host, pid, and so on, as JSON: services of several versions share the table.
    about bytea NOT NULL,
    seen_at timestamptz NOT NULL
);
