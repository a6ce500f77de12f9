-- depends: 0016-sign-in

-- Two people who set up one channel at once do not overwrite each other.

ALTER TABLE channel ADD COLUMN revision integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN channel.revision IS 'Counts changes, so that one made of an older state is noticed.';
