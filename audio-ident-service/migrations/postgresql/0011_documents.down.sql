DROP TABLE job_leases;
DROP TABLE documents;
DROP SEQUENCE document_revisions;
