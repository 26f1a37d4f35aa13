ALTER TABLE fingerprint_postings DROP COLUMN hash;
