-- depends: 0009-erasure

-- Other programs: the keys by which they come in, and the webhooks by which they are told what happens.

-- A program that writes needs an author's name, as an agent does. Its account belongs to no person: no address, no
-- password, no role, and never active, so that nothing can be assigned to it.
ALTER TABLE agent
    ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'integration')),
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN role_id DROP NOT NULL,
    ADD CONSTRAINT agent_of_person CHECK (kind <> 'person' OR (email IS NOT NULL AND role_id IS NOT NULL)),
    ADD CONSTRAINT agent_of_program CHECK (
        kind <> 'integration' OR (email IS NULL AND password_hash IS NULL AND role_id IS NULL AND NOT active));
COMMENT ON COLUMN agent.kind IS 'A person who answers, or a program that acts by an API key.';

CREATE TABLE api_key (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id      uuid NOT NULL UNIQUE REFERENCES agent (id) ON DELETE CASCADE,
    secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    hint          text NOT NULL CHECK (length(hint) <= 12),
    scopes        text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 100),
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    uuid REFERENCES agent (id) ON DELETE SET NULL,
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX api_key_maker ON api_key (created_by);
COMMENT ON TABLE api_key IS 'subject=workspace; retention=deployment. How a program comes in. Revoked, never deleted: history names its account.';
COMMENT ON COLUMN api_key.agent_id IS 'The account it acts by; its display name is the key''s name.';
COMMENT ON COLUMN api_key.hint IS 'The first characters of the key, by which people tell it from others.';
COMMENT ON COLUMN api_key.created_by IS 'subject=agent; retention=account';
COMMENT ON COLUMN api_key.last_used_at IS 'Written at most once a minute.';

CREATE TABLE webhook (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    url             text NOT NULL CHECK (length(url) <= 2000),
    events          text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 20),
    active          boolean NOT NULL DEFAULT true,
    off_reason      text CHECK (off_reason IN ('gone', 'failing')),
    failing_since   timestamptz,
    secret          text NOT NULL,
    previous_secret text,
    previous_until  timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid REFERENCES agent (id) ON DELETE SET NULL
);
CREATE INDEX webhook_maker ON webhook (created_by);
COMMENT ON TABLE webhook IS 'subject=workspace; retention=deployment. An address that is told what happens.';
COMMENT ON COLUMN webhook.events IS 'Which kinds of events.';
COMMENT ON COLUMN webhook.off_reason IS 'Why Alongside switched it off; null when a person did, or it is on.';
COMMENT ON COLUMN webhook.failing_since IS 'First failure since the last success.';
COMMENT ON COLUMN webhook.secret IS 'Signs what is sent. Readable, because signing needs it; never told again after it was made.';
COMMENT ON COLUMN webhook.previous_secret IS 'Signs as well until previous_until, so that the receiver can change over.';
COMMENT ON COLUMN webhook.created_by IS 'subject=agent; retention=account';

-- What happened and has not been put into words for each webhook yet. A row is written in the transaction of the fact
-- itself, by the triggers below: it exists exactly if the fact does.
CREATE TABLE webhook_fact (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id   uuid REFERENCES conversation (id) ON DELETE CASCADE,
    seq               bigint,
    erased_contact_id uuid,
    webhook_id        uuid REFERENCES webhook (id) ON DELETE CASCADE,
    CHECK ((conversation_id IS NULL) = (erased_contact_id IS NOT NULL)),
    CHECK ((conversation_id IS NULL) = (seq IS NULL))
);
CREATE INDEX webhook_fact_conversation ON webhook_fact (conversation_id);
CREATE INDEX webhook_fact_webhook ON webhook_fact (webhook_id) WHERE webhook_id IS NOT NULL;
COMMENT ON TABLE webhook_fact IS 'subject=contact; retention=delivery. Deleted as soon as it is a delivery for each webhook that wants it.';
COMMENT ON COLUMN webhook_fact.erased_contact_id IS 'An id that names nobody any more.';
COMMENT ON COLUMN webhook_fact.webhook_id IS 'Sent again, to this webhook alone; null: to all.';

CREATE TABLE webhook_delivery (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    position        bigint GENERATED ALWAYS AS IDENTITY,
    webhook_id      uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event_id        text NOT NULL CHECK (length(event_id) <= 80),
    type            text NOT NULL CHECK (length(type) <= 60),
    conversation_id uuid REFERENCES conversation (id) ON DELETE CASCADE,
    body            text NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    due_at          timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    tried_at        timestamptz,
    status          integer,
    error           text CHECK (length(error) <= 60),
    answer          text CHECK (length(answer) <= 2000),
    milliseconds    integer,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_delivery_newest ON webhook_delivery (webhook_id, position DESC);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_line ON webhook_delivery (conversation_id, webhook_id, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_conversation ON webhook_delivery (conversation_id);
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);
COMMENT ON TABLE webhook_delivery IS 'subject=contact; retention=delivery. One event for one webhook, and how its last try went. Swept after two weeks.';
COMMENT ON COLUMN webhook_delivery.position IS 'The order in which events of one conversation are sent.';
COMMENT ON COLUMN webhook_delivery.event_id IS 'The same for every try, and for every webhook: receivers tell repeats by it.';
COMMENT ON COLUMN webhook_delivery.tried_at IS 'When the last try ended; null before, and while somebody tries.';
COMMENT ON COLUMN webhook_delivery.due_at IS 'When it is tried next. While somebody tries: when others may take over.';

CREATE FUNCTION webhook_note_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webhook_fact (conversation_id, seq)
    SELECT conversation_id, seq FROM added WHERE EXISTS (SELECT FROM webhook WHERE active);
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_note_entries AFTER INSERT ON entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION webhook_note_entries();

CREATE FUNCTION webhook_note_erasures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webhook_fact (erased_contact_id)
    SELECT contact_id FROM added WHERE EXISTS (SELECT FROM webhook WHERE active);
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_note_erasures AFTER INSERT ON erasure REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION webhook_note_erasures();

-- A period of the log is found by this when it is sent again; the log only grows, so its blocks are in order of time.
CREATE INDEX entry_at ON entry USING brin (at);
