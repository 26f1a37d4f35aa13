-- Which audio stream of the file is indexed, counted from 1, of how many. Absent in rows of older versions.
ALTER TABLE tracks ADD COLUMN audio_stream integer CHECK (audio_stream > 0);
ALTER TABLE tracks ADD COLUMN audio_streams integer CHECK (audio_streams > 0);
-- What was found wrong with the file: how long it states it lasts, where its audio ends before that; frames that could
-- not be decoded.
ALTER TABLE tracks ADD COLUMN stated_seconds double precision CHECK (stated_seconds >= 0);
ALTER TABLE tracks ADD COLUMN damaged_frames bigint NOT NULL DEFAULT 0 CHECK (damaged_frames >= 0);

CREATE INDEX ix_tracks_damaged ON tracks (ingested_at DESC, id)
    WHERE stated_seconds IS NOT NULL OR damaged_frames > 0;
