-- What the embedding model says of the whole track: a JSON object of tag names and probabilities, the likeliest first.
ALTER TABLE tracks ADD COLUMN tags text;
