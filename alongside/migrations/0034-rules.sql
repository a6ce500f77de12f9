-- depends: 0033-chat-links-used

-- Rules of all kinds: routing, SLA, action. What a kind does is in its body.
CREATE TABLE rule (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('routing', 'sla', 'action')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'on', 'off')),
    position integer NOT NULL,
    conditions jsonb NOT NULL,
    body jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid REFERENCES agent (id)
);
COMMENT ON TABLE rule IS 'subject=none; retention=deployment. Rules as admins wrote them.';
COMMENT ON COLUMN rule.position IS 'Their order within the kind; the first comes first.';
COMMENT ON COLUMN rule.conditions IS 'A group of conditions as alongside/domains/conditions reads it.';
COMMENT ON COLUMN rule.body IS 'What then, as alongside/domains/rules/body_schemas.py says for the kind.';
COMMENT ON COLUMN rule.updated_by IS 'subject=agent; retention=account. Who changed it last.';
CREATE INDEX rule_kind ON rule (kind, position);
