DROP TABLE next_words;
ALTER TABLE tracks DROP COLUMN next_rank;
ALTER TABLE tracks DROP COLUMN next_note;
