-- depends: 0017-messages

-- Who had read how far before each step was kept: that they had is known, when is not.
ALTER TABLE read_mark ALTER COLUMN at DROP NOT NULL;
COMMENT ON COLUMN read_mark.at IS 'Null: before it was kept when.';
INSERT INTO read_mark (conversation_id, agent_id, seq, at)
SELECT conversation_id, agent_id, seq, NULL FROM conversation_seen ON CONFLICT DO NOTHING;
INSERT INTO read_mark (conversation_id, seq, at)
SELECT id, visitor_seen, NULL FROM conversation WHERE visitor_seen > 0 ON CONFLICT DO NOTHING;
