DROP INDEX ix_tracks_sort_duration;
DROP INDEX ix_tracks_sort_album;
DROP INDEX ix_tracks_sort_artist;
DROP INDEX ix_tracks_sort_title;
ALTER TABLE tracks DROP COLUMN sort_album;
ALTER TABLE tracks DROP COLUMN sort_artist;
ALTER TABLE tracks DROP COLUMN sort_title;
