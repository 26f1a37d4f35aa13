DROP INDEX ix_tracks_damaged;
ALTER TABLE tracks DROP COLUMN damaged_frames;
ALTER TABLE tracks DROP COLUMN stated_seconds;
ALTER TABLE tracks DROP COLUMN audio_streams;
ALTER TABLE tracks DROP COLUMN audio_stream;
