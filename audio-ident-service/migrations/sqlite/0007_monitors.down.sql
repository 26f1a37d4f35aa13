DROP TABLE outages;
DROP TABLE plays;
DROP TABLE monitors;
