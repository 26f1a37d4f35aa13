-- The fingerprint index, where it is in this database: ordered maps of bytes, which docs/formats/fingerprint-index.md
-- describes. A key of eight bytes is two columns; in a database that spreads tables over several machines, segment is
-- the column to spread postings, contents and segments by, and track the one for peaks and numbers.
CREATE TABLE fingerprint_meta (
    name bytea PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE fingerprint_tracks (
    id bytea PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE fingerprint_numbers (
    track bytea PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE fingerprint_segments (
    segment bytea PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE fingerprint_contents (
    segment bytea PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE fingerprint_peaks (
    track bytea NOT NULL,
    block bytea NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (track, block)
);

CREATE TABLE fingerprint_postings (
    segment bytea NOT NULL,
    first_key bytea NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (segment, first_key)
);

-- They are as small as they can be, so compressing them would only take time.
ALTER TABLE fingerprint_peaks ALTER COLUMN value SET STORAGE EXTERNAL;
ALTER TABLE fingerprint_postings ALTER COLUMN value SET STORAGE EXTERNAL;

-- Whose turn it is to write. A writer raises fence when it takes the lock, and each of its transactions checks that it
-- is still the same. epoch says when the index was made (microseconds since 1970): a later one has the same keys for
-- other values.
CREATE TABLE fingerprint_turn (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    fence bigint NOT NULL DEFAULT 0,
    epoch bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
);
INSERT INTO fingerprint_turn DEFAULT VALUES;
