-- depends: 0002-contacts-and-conversations

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
