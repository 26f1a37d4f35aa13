DROP TABLE fingerprint_turn;
DROP TABLE fingerprint_postings;
DROP TABLE fingerprint_peaks;
DROP TABLE fingerprint_contents;
DROP TABLE fingerprint_segments;
DROP TABLE fingerprint_numbers;
DROP TABLE fingerprint_tracks;
DROP TABLE fingerprint_meta;
