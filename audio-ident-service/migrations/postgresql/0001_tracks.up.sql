CREATE TABLE tracks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),

    title varchar(500) NOT NULL CHECK (title <> ''),
    artist varchar(500),
    album varchar(500),

    duration_seconds double precision NOT NULL CHECK (duration_seconds >= 0),
    sample_rate integer CHECK (sample_rate > 0),
    channels integer CHECK (channels > 0),
    bitrate integer CHECK (bitrate >= 0),
    format varchar(20),

    file_hash_sha256 varchar(64) NOT NULL CHECK (file_hash_sha256 ~ '^[0-9a-f]{64}$'),
    file_size_bytes bigint NOT NULL CHECK (file_size_bytes >= 0),
    -- Collated by bytes, so that both databases list files in the same order.
    file_path text COLLATE "C" NOT NULL CHECK (file_path <> ''),
    file_modified_ns bigint NOT NULL,

    chromaprint_duration double precision CHECK (chromaprint_duration >= 0),
    fingerprint_indexed boolean NOT NULL DEFAULT false,
    embedding_model varchar(100),
    embedding_dim integer CHECK (embedding_dim > 0),

    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'ready')),
    ingested_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- Title and artist in folded form, a line each, kept by the program (src/catalog/search_text.hpp).
    search_text text COLLATE "C" NOT NULL,
    chromaprint_fingerprint text
);

CREATE UNIQUE INDEX ix_tracks_file_hash ON tracks (file_hash_sha256);
-- An index row holds at most 2,704 bytes; two whole columns can need 4,000.
CREATE INDEX ix_tracks_artist_title ON tracks (left(artist, 200), left(title, 200));
CREATE INDEX ix_tracks_ingested_at ON tracks (ingested_at DESC, id);
-- For equality only, and of any length: a path can be longer than an ordinary index row.
CREATE INDEX ix_tracks_file_path ON tracks USING hash (file_path);
-- Candidates for a duplicate by content. Without the state as a column: listing by state is to use ix_tracks_ingested_at.
CREATE INDEX ix_tracks_duration ON tracks (duration_seconds)
    WHERE state = 'ready' AND chromaprint_fingerprint IS NOT NULL;

-- One row. Starts at the time of creation in microseconds, so that it also grows when the catalog is made anew: no
-- database changes rows faster than one a microsecond.
CREATE TABLE catalog_generation (
    singleton integer PRIMARY KEY CHECK (singleton = 1),
    value bigint NOT NULL
);
INSERT INTO catalog_generation (singleton, value)
    VALUES (1, floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- The row's lock makes writers commit one after another: a reader never sees a later number before an earlier change.
-- Statements that change no row leave it alone.
CREATE FUNCTION tracks_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_generation SET value = value + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER tracks_changed AFTER INSERT OR UPDATE OR DELETE ON tracks
    FOR EACH ROW EXECUTE FUNCTION tracks_changed();
CREATE TRIGGER tracks_truncated AFTER TRUNCATE ON tracks
    FOR EACH STATEMENT EXECUTE FUNCTION tracks_changed();
