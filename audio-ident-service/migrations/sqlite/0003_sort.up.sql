-- What lists are sorted by: 200 characters, compared by bytes; what is absent comes last. Title and artist are those of
-- search_text, folded; of an album's name only A to Z are, as the program keeps no folded one.
ALTER TABLE tracks ADD COLUMN sort_title TEXT AS (substr(search_text, 1, 200)) VIRTUAL;
ALTER TABLE tracks ADD COLUMN sort_artist TEXT
    AS (coalesce(nullif(substr(search_text, instr(search_text, char(10)) + 1, 200), ''), char(1114111))) VIRTUAL;
ALTER TABLE tracks ADD COLUMN sort_album TEXT
    AS (coalesce(nullif(lower(substr(album, 1, 200)), ''), char(1114111))) VIRTUAL;

-- As ix_tracks_ingested_at, each covers finding the rows of a page.
CREATE INDEX ix_tracks_sort_title ON tracks (sort_title, id, state, search_text);
CREATE INDEX ix_tracks_sort_artist ON tracks (sort_artist, sort_title, id, state, search_text);
CREATE INDEX ix_tracks_sort_album ON tracks (sort_album, sort_title, id, state, search_text);
CREATE INDEX ix_tracks_sort_duration ON tracks (duration_seconds, id, state, search_text);
