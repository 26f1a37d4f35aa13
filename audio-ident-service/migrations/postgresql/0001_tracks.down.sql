DROP TABLE tracks;
DROP FUNCTION tracks_changed();
DROP TABLE catalog_generation;
