ALTER TABLE tracks DROP COLUMN sort_album, DROP COLUMN sort_artist, DROP COLUMN sort_title;
DROP INDEX ix_tracks_sort_duration;
