-- depends: 0034-rules

-- What rules have Alongside tell a visitor by itself.
CREATE TABLE system_message (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    texts jsonb NOT NULL CHECK (jsonb_typeof(texts) = 'object' AND texts <> '{}'),
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX system_message_name ON system_message ((lower(name)));
COMMENT ON TABLE system_message IS 'subject=workspace; retention=deployment. Texts by language that rules tell visitors.';
