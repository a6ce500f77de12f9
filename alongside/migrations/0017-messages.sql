-- depends: 0014-mail-and-notifications

-- What becomes of a message after it was sent: edited, deleted, read.

-- An edit and a deletion are entries of the log, numbered like all others; `data` names the entry they are about in both
-- numberings. That entry itself says what is true now: no earlier text is left in the log, and of several edits only the
-- last holds one.
ALTER TABLE entry ADD COLUMN edited_at timestamptz, ADD COLUMN deleted_at timestamptz;
COMMENT ON COLUMN entry.edited_at IS 'When its author last changed the text.';
COMMENT ON COLUMN entry.deleted_at IS 'When its author deleted it; text, cards and files are gone.';
CREATE INDEX entry_edits ON entry (conversation_id, ((data ->> 'of')::bigint)) WHERE kind IN ('edited', 'deleted');

ALTER TABLE workspace ADD COLUMN edit_minutes integer NOT NULL DEFAULT 15 CHECK (edit_minutes BETWEEN 0 AND 10080);
COMMENT ON COLUMN workspace.edit_minutes IS 'How long people may edit and delete what they wrote; 0 is never.';

-- When who had read how far. `conversation_seen` and `conversation.visitor_seen` say how far that is now.
CREATE TABLE read_mark (
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    agent_id uuid REFERENCES agent ON DELETE CASCADE,
    seq bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (conversation_id, agent_id, seq)
);
CREATE INDEX read_mark_agent ON read_mark (agent_id);
COMMENT ON TABLE read_mark IS 'subject=contact; retention=conversation. Each step by which somebody read on, and when.';
COMMENT ON COLUMN read_mark.agent_id IS 'subject=agent; retention=conversation. Null: the visitor.';
COMMENT ON COLUMN read_mark.seq IS 'In the numbering of the log; the visitor''s in their own.';

-- What was told of a message goes with it: a delivery knows which entry it tells of, and a deletion takes it along.
ALTER TABLE webhook_delivery ADD COLUMN seq bigint;
COMMENT ON COLUMN webhook_delivery.seq IS 'The entry of the log that it tells of; null where there is none.';
CREATE INDEX webhook_delivery_entry ON webhook_delivery (conversation_id, seq);

CREATE FUNCTION webhook_forget_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM webhook_delivery WHERE conversation_id = NEW.conversation_id AND (seq = NEW.seq OR seq IN (
        SELECT e.seq FROM entry e
        WHERE e.conversation_id = NEW.conversation_id AND e.kind = 'edited' AND (e.data ->> 'of')::bigint = NEW.seq));
    -- Later events say what the last message was.
    UPDATE webhook_delivery
    SET body = jsonb_set(body::jsonb, '{data,conversation,last_message}', '""', false)::text
    WHERE conversation_id = NEW.conversation_id AND seq > NEW.seq;
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_forget_deleted AFTER UPDATE OF deleted_at ON entry
    FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL)
    EXECUTE FUNCTION webhook_forget_deleted();

-- Mentions are found by whom they name.
CREATE INDEX entry_mentions ON entry USING gin ((data -> 'mentions') jsonb_path_ops)
    WHERE kind = 'note' AND data ? 'mentions';
