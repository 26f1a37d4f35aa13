-- The first half of the SHA-256 of each shard, by which services find shards in their local copies of the index
-- (docs/postgresql.md). The database computes it, for rows of programs that do not know it too. Rewrites the table.
-- works-from: 0012
ALTER TABLE fingerprint_postings
    ADD COLUMN hash bytea NOT NULL GENERATED ALWAYS AS (substring(sha256(value) FROM 1 FOR 16)) STORED;
