-- depends: 0034-rules

-- Episodes that began and were not looked at yet: noted in the transaction in which they begin, so that none is
-- forgotten whichever process dies.
CREATE TABLE routing_pending (
    conversation_id uuid PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    episode integer NOT NULL
);
COMMENT ON TABLE routing_pending IS 'subject=contact; retention=conversation. Episodes that routing rules have not been asked about yet.';

CREATE FUNCTION routing_note_episode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rule WHERE kind = 'routing' AND state = 'on') THEN
        INSERT INTO routing_pending (conversation_id, episode) VALUES (NEW.conversation_id, NEW.number)
        ON CONFLICT (conversation_id) DO UPDATE SET episode = excluded.episode;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER routing_note AFTER INSERT ON episode FOR EACH ROW EXECUTE FUNCTION routing_note_episode();

CREATE TABLE routing_decision (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    episode integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cause text NOT NULL CHECK (cause IN ('begun', 'free', 'waited', 'silent', 'gone', 'rules')),
    outcome text NOT NULL CHECK (outcome IN ('agent', 'queue', 'nobody', 'no_rule', 'kept')),
    rule_id uuid,
    rule_name text,
    rule_version integer,
    agent_id uuid REFERENCES agent (id),
    target text,
    steps jsonb NOT NULL,
    facts jsonb NOT NULL,
    agents jsonb NOT NULL
);
COMMENT ON TABLE routing_decision IS 'subject=contact; retention=conversation. Who got a conversation and why, with all that it rested on, so that it can be explained and replayed.';
COMMENT ON COLUMN routing_decision.rule_id IS 'The rule may be gone since; its name and version are as they were.';
COMMENT ON COLUMN routing_decision.target IS 'Of who was served from the queue: for whom they waited. The pace of the queue is told by it.';
COMMENT ON COLUMN routing_decision.facts IS 'What was known of the customer. Without the message once it was edited or deleted.';
COMMENT ON COLUMN routing_decision.agents IS 'The agents as they were.';
CREATE INDEX routing_decision_conversation ON routing_decision (conversation_id, at DESC);
CREATE INDEX routing_decision_at ON routing_decision (at);
CREATE INDEX routing_decision_served ON routing_decision (target, at DESC) WHERE target IS NOT NULL;

CREATE FUNCTION routing_forget_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE routing_decision SET facts = facts - 'message' WHERE conversation_id = NEW.conversation_id;
    RETURN NULL;
END $$;
CREATE TRIGGER routing_forget AFTER INSERT ON entry FOR EACH ROW
    WHEN (NEW.kind IN ('edited', 'deleted')) EXECUTE FUNCTION routing_forget_message();

CREATE TABLE routing_queue (
    conversation_id uuid PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    episode integer NOT NULL,
    agent_id uuid REFERENCES agent (id),
    team_id uuid,
    tag text,
    priority integer NOT NULL CHECK (priority BETWEEN 0 AND 9),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    rule_id uuid,
    rules text NOT NULL,
    passed_over uuid[] NOT NULL DEFAULT '{}',
    told_place integer,
    told_minutes integer
);
COMMENT ON TABLE routing_queue IS 'subject=contact; retention=conversation. Who waits for whom, since when, and until when at most.';
COMMENT ON COLUMN routing_queue.rules IS 'By which rules, all of them: when these change, it is planned anew.';
COMMENT ON COLUMN routing_queue.passed_over IS 'Agents who were chosen and did not react.';
COMMENT ON COLUMN routing_queue.told_place IS 'What the customer was told last; so each change is told once over all processes.';
CREATE INDEX routing_queue_order ON routing_queue (priority DESC, since, conversation_id);

CREATE TABLE routing_watch (
    conversation_id uuid PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    episode integer NOT NULL,
    agent_id uuid NOT NULL REFERENCES agent (id),
    seq bigint NOT NULL,
    since timestamptz NOT NULL,
    react_until timestamptz,
    must_stay boolean NOT NULL,
    rule_id uuid,
    passed_over uuid[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE routing_watch IS 'subject=contact; retention=conversation. Who was chosen and has not answered yet.';
COMMENT ON COLUMN routing_watch.seq IS 'The entry by which they got it: what they read or wrote after it is their reaction.';
COMMENT ON COLUMN routing_watch.since IS 'Since when the customer waits.';
COMMENT ON COLUMN routing_watch.must_stay IS 'They had to be online to get it: if they go before they have answered, another gets it.';

-- When an agent was given something last.
CREATE INDEX entry_given ON entry ((data ->> 'agent_id'), at DESC) WHERE kind = 'assignment';
