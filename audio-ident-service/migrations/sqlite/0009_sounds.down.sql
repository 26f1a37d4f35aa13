DROP TABLE sound_plays;
DROP TABLE sounds;
