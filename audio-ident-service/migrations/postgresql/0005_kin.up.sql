-- Another recording that begins the same: the id of its track, which may be gone by now.
ALTER TABLE tracks ADD COLUMN kin uuid;
