-- What lists are sorted by: 200 characters, compared by bytes; what is absent comes last. Title and artist are those of
-- search_text, folded; of an album's name only A to Z are, as the program keeps no folded one.
ALTER TABLE tracks
    ADD COLUMN sort_title text COLLATE "C" GENERATED ALWAYS AS (substr(search_text, 1, 200)) STORED,
    ADD COLUMN sort_artist text COLLATE "C" GENERATED ALWAYS AS
        (coalesce(nullif(substr(search_text, strpos(search_text, chr(10)) + 1, 200), ''), chr(1114111))) STORED,
    ADD COLUMN sort_album text COLLATE "C" GENERATED ALWAYS AS
        (coalesce(nullif(lower(substr(album, 1, 200) COLLATE "C"), ''), chr(1114111))) STORED;

CREATE INDEX ix_tracks_sort_title ON tracks (sort_title, id);
CREATE INDEX ix_tracks_sort_artist ON tracks (sort_artist, sort_title, id);
CREATE INDEX ix_tracks_sort_album ON tracks (sort_album, sort_title, id);
CREATE INDEX ix_tracks_sort_duration ON tracks (duration_seconds, id);
