-- depends: 0002-contacts-and-conversations

-- What a role may see, who has a conversation as one value, what an invitation brings along, and the audit log.

ALTER TABLE role
    ADD COLUMN sees text NOT NULL DEFAULT 'all' CHECK (sees IN ('all', 'team', 'own')),
    ADD CONSTRAINT role_of_all_sees_all CHECK (sees = 'all' OR NOT permissions @> '{*}');
COMMENT ON COLUMN role.sees IS 'Whose conversations: everybody''s, those of colleagues in one''s teams, or one''s own; always those that nobody has.';

ALTER TABLE agent ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 500);
COMMENT ON COLUMN agent.description IS 'For colleagues: what this agent is there for.';

ALTER TABLE invitation ADD COLUMN profile jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN invitation.profile IS 'Profile: what the agent will have from the start; what is absent has its default.';

ALTER TABLE conversation ADD COLUMN holder_id uuid NOT NULL
    GENERATED ALWAYS AS (coalesce(assignee_id, team_id, '00000000-0000-0000-0000-000000000000')) STORED;
COMMENT ON COLUMN conversation.holder_id IS 'Who has it: the agent, else the team, else nobody (nil). Who may see it is asked of this one value.';
CREATE INDEX conversation_holder ON conversation (holder_id, status, last_message_at DESC, id DESC)
    WHERE last_seq > 0;
-- What an agent has is found by the holder too.
DROP INDEX conversation_mine;

CREATE TABLE audit_entry (
    id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    type     text NOT NULL CHECK (length(type) BETWEEN 1 AND 60),
    actor_id uuid REFERENCES agent (id),
    data     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_newest ON audit_entry (at DESC, id DESC);
CREATE INDEX audit_entry_type ON audit_entry (type, at DESC, id DESC);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, at DESC, id DESC);
COMMENT ON TABLE audit_entry IS 'subject=agent; retention=audit. Who did what, written with the deed itself. Never changed; only the old is deleted.';
COMMENT ON COLUMN audit_entry.actor_id IS 'Null for Alongside itself and the command line.';
COMMENT ON COLUMN audit_entry.data IS 'Ids and names of what the deed touched; never what people wrote, never a secret or an address.';

CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is never changed, and nothing of its last 30 days is deleted';
END
$$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();

CREATE TABLE audit_setting (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    keep_days integer NOT NULL DEFAULT 400 CHECK (keep_days BETWEEN 30 AND 3650)
);
INSERT INTO audit_setting DEFAULT VALUES;
COMMENT ON TABLE audit_setting IS 'subject=workspace; retention=deployment. How long the audit log is kept. One row.';

-- What agents wrote, opened, closed and handed over stands in the conversations' logs already: the audit log reads it
-- there, of each agent in order. What is not a message is rare, and has an index of its own.
CREATE INDEX entry_of_agents ON entry (author_id, at) WHERE author_kind = 'agent';
CREATE INDEX entry_changes_of_agents ON entry (author_id, at)
    WHERE author_kind = 'agent' AND (kind = 'assignment' OR status IS NOT NULL);
