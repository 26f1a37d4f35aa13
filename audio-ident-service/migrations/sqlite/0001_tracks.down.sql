DROP TABLE tracks;
DROP TABLE catalog_generation;
