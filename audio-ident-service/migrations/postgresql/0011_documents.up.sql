-- What a library has besides its tracks: the calibration, the scale of similarity, the model in service, notes on
-- duplicates, ingest jobs, waveforms (docs/scale.md). Without a database they are files of the same names in the data
-- folder.
CREATE SEQUENCE document_revisions;
CREATE TABLE documents (
    name text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
    content bytea NOT NULL,
    -- Rises with each change of any document: services look at it to learn of changes.
    revision bigint NOT NULL DEFAULT nextval('document_revisions')
);

-- Which service works on a job at the moment: an ingest job, or the job of a timeline. One that does not say in time
-- that it goes on has lost the job.
CREATE TABLE job_leases (
    job_id uuid PRIMARY KEY,
    service text NOT NULL,
    held_until timestamptz NOT NULL,
    -- Somebody wants the job to end.
    cancelled boolean NOT NULL DEFAULT false
);
