-- What a migration may do while programs of the version before go on: add what they do not need.
-- works-from: @HEAD@
ALTER TABLE tracks ADD COLUMN next_note text;
ALTER TABLE tracks ADD COLUMN next_rank integer NOT NULL DEFAULT 0;
CREATE INDEX ix_tracks_next_rank ON tracks (next_rank);
CREATE TABLE next_words (
    track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
    word text NOT NULL,
    PRIMARY KEY (track_id, word)
);
INSERT INTO next_words SELECT id, title FROM tracks;
