-- depends: 0013-integrations 0006-tickets 0016-sign-in

-- What other programs ask: what changed since they last asked, who belongs to whom, which agents are theirs to keep.

-- The transaction that changed a row last. Numbers of transactions are given out in order but committed in any; so
-- whoever asks again asks from the oldest that was under way, not from the newest they saw (docs/decisions/polling.md).
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;

-- Marks of what was seen are not among the columns: they change with every glance, and say nothing new.
ALTER TABLE conversation ADD COLUMN changed_in bigint NOT NULL DEFAULT 0;
CREATE TRIGGER conversation_note_change
    BEFORE INSERT OR UPDATE OF last_seq, status, assignee_id, team_id, label_ids ON conversation
    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE INDEX conversation_changed ON conversation (changed_in, id) WHERE last_seq > 0;
COMMENT ON COLUMN conversation.changed_in IS 'The transaction that wrote to the log, or changed status, assignment or labels, last.';

ALTER TABLE contact
    ADD COLUMN changed_in bigint NOT NULL DEFAULT 0,
    ADD COLUMN agent_id uuid REFERENCES agent (id),
    ADD COLUMN team_id uuid REFERENCES team (id) ON DELETE SET NULL,
    ADD CONSTRAINT contact_of_one CHECK (agent_id IS NULL OR team_id IS NULL);
CREATE TRIGGER contact_note_change
    BEFORE INSERT OR UPDATE OF name, email, phone, language, claims, label_ids, merged_into, agent_id, team_id ON contact
    FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE INDEX contact_changed ON contact (changed_in, id);
CREATE INDEX contact_agent ON contact (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX contact_team ON contact (team_id) WHERE team_id IS NOT NULL;
COMMENT ON COLUMN contact.changed_in IS 'The transaction that changed what is known of the contact last.';
COMMENT ON COLUMN contact.agent_id IS 'Who gets what this customer writes first; conversations that are there have their own assignment.';
COMMENT ON COLUMN contact.team_id IS 'The same, where it is a team.';

-- What is known by fields and proofs stands in rows of its own. Where the contact itself goes, there is none to change.
CREATE FUNCTION note_change_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contact SET changed_in = pg_current_xact_id()::text::bigint
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.contact_id ELSE NEW.contact_id END
      AND changed_in <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_field_note_change AFTER INSERT OR UPDATE OR DELETE ON contact_field
    FOR EACH ROW EXECUTE FUNCTION note_change_of_contact();
CREATE TRIGGER identity_note_change AFTER INSERT ON identity
    FOR EACH ROW WHEN (NEW.kind = 'verified') EXECUTE FUNCTION note_change_of_contact();

ALTER TABLE ticket ADD COLUMN changed_in bigint NOT NULL DEFAULT 0;
CREATE TRIGGER ticket_note_change BEFORE INSERT OR UPDATE ON ticket FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE INDEX ticket_changed ON ticket (changed_in, number);
COMMENT ON COLUMN ticket.changed_in IS 'The transaction that changed it last.';

-- Who is here now. Blocks of visits that ended long ago are passed over; the lease, which moves all the time, has no
-- entry of its own to be moved with it.
CREATE INDEX visit_online ON visit USING brin (online_until) WITH (pages_per_range = 16, autosummarize = on);

-- A personal key sees what one agent has, and no more.
ALTER TABLE api_key ADD COLUMN only_of uuid REFERENCES agent (id);
CREATE INDEX api_key_only_of ON api_key (only_of) WHERE only_of IS NOT NULL;
COMMENT ON COLUMN api_key.only_of IS 'subject=agent; retention=account. The agent whose conversations and customers are all it sees; null: everybody''s.';

-- The name by which another system knows an agent that it keeps.
ALTER TABLE agent ADD COLUMN external_id text CHECK (length(external_id) BETWEEN 1 AND 200);
CREATE UNIQUE INDEX agent_external_id ON agent (external_id) WHERE external_id IS NOT NULL;
COMMENT ON COLUMN agent.external_id IS 'What the system calls them from which they are kept in step; null: nobody does.';
