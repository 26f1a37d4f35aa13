CREATE TABLE tracks (
    id TEXT NOT NULL PRIMARY KEY
        CHECK (length(id) = 36 AND id GLOB '????????-????-????-????-????????????' AND id NOT GLOB '*[^0-9a-f-]*'),

    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    artist TEXT CHECK (length(artist) <= 500),
    album TEXT CHECK (length(album) <= 500),

    duration_seconds REAL NOT NULL CHECK (duration_seconds >= 0),
    sample_rate INTEGER CHECK (sample_rate > 0),
    channels INTEGER CHECK (channels > 0),
    bitrate INTEGER CHECK (bitrate >= 0),
    format TEXT CHECK (length(format) <= 20),

    file_hash_sha256 TEXT NOT NULL CHECK (length(file_hash_sha256) = 64 AND file_hash_sha256 NOT GLOB '*[^0-9a-f]*'),
    file_size_bytes INTEGER NOT NULL CHECK (file_size_bytes >= 0),
    file_path TEXT NOT NULL CHECK (length(file_path) > 0),
    file_modified_ns INTEGER NOT NULL,

    chromaprint_duration REAL CHECK (chromaprint_duration >= 0),
    fingerprint_indexed INTEGER NOT NULL DEFAULT 0 CHECK (fingerprint_indexed IN (0, 1)),
    embedding_model TEXT CHECK (length(embedding_model) <= 100),
    embedding_dim INTEGER CHECK (embedding_dim > 0),

    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'ready')),
    -- UTC, microseconds, always 27 characters: text order is time order.
    ingested_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z'))
        CHECK (ingested_at GLOB '????-??-??T??:??:??.??????Z'),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z'))
        CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),

    -- Title and artist in folded form, a line each, kept by the program (src/catalog/search_text.hpp).
    search_text TEXT NOT NULL,
    -- Some 3 KB, so last: a row's other columns are read without its overflow pages.
    chromaprint_fingerprint TEXT
) STRICT;

CREATE UNIQUE INDEX ix_tracks_file_hash ON tracks (file_hash_sha256);
CREATE INDEX ix_tracks_artist_title ON tracks (artist, title);
-- Covers listing, searching and counting: 100,000 rows are some 20 MB here and 400 MB in the table.
CREATE INDEX ix_tracks_ingested_at ON tracks (ingested_at DESC, id, state, search_text);
-- Covers the scan of all files before an ingest.
CREATE INDEX ix_tracks_file_path
    ON tracks (file_path, id, file_hash_sha256, file_size_bytes, file_modified_ns, duration_seconds, state);
-- Candidates for a duplicate by content. Without the state as a column: listing by state is to use ix_tracks_ingested_at.
CREATE INDEX ix_tracks_duration ON tracks (duration_seconds)
    WHERE state = 'ready' AND chromaprint_fingerprint IS NOT NULL;

-- One row. Starts at the time of creation in microseconds, so that it also grows when the catalog is made anew: no
-- database changes rows faster than one a microsecond.
CREATE TABLE catalog_generation (
    singleton INTEGER NOT NULL PRIMARY KEY CHECK (singleton = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_generation (singleton, value)
    VALUES (1, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000);

CREATE TRIGGER tracks_inserted AFTER INSERT ON tracks BEGIN
    UPDATE catalog_generation SET value = value + 1;
END;
CREATE TRIGGER tracks_updated AFTER UPDATE ON tracks BEGIN
    UPDATE catalog_generation SET value = value + 1;
END;
CREATE TRIGGER tracks_deleted AFTER DELETE ON tracks BEGIN
    UPDATE catalog_generation SET value = value + 1;
END;
