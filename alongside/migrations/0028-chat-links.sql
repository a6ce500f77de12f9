-- depends: 0024-programs-ask

-- An address by which another system shows one conversation, and answers in it as one agent.
CREATE TABLE chat_link (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent (id),
    created_by uuid NOT NULL REFERENCES agent (id),
    origins text[] NOT NULL CHECK (cardinality(origins) <= 10),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    revoked_at timestamptz
);
CREATE INDEX chat_link_conversation ON chat_link (conversation_id);
CREATE INDEX chat_link_expires ON chat_link (expires_at);
CREATE INDEX chat_link_agent ON chat_link (agent_id);
CREATE INDEX chat_link_created_by ON chat_link (created_by);
COMMENT ON TABLE chat_link IS 'subject=contact; retention=link. Shows one conversation to whoever has the secret, who answers in it as one agent. Swept a week after it has expired.';
COMMENT ON COLUMN chat_link.origins IS 'The sites whose pages may show it in a frame; none: only as a page of its own.';
