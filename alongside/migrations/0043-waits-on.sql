-- depends: 0042-widget-seen

ALTER TABLE routing_pending ADD COLUMN since timestamptz;
COMMENT ON COLUMN routing_pending.since IS 'Since when its customer waits, where that is longer than the conversation knows: they were recognised while they waited in another.';
