-- depends: 0034-rules

-- What an action rule did to a visitor, so that it does it once.
CREATE TABLE action_rule_deed (
    contact_id uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    rule_id uuid NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
    occasion uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_id, rule_id)
);
COMMENT ON TABLE action_rule_deed IS 'subject=contact; retention=contact. The last time an action rule acted for a visitor.';
COMMENT ON COLUMN action_rule_deed.occasion IS 'The visit, or the one match; all zero for a rule that acts once per visitor.';
CREATE INDEX action_rule_deed_rule ON action_rule_deed (rule_id);

CREATE TABLE action_rule_day (
    rule_id uuid NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
    day date NOT NULL,
    matches bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (rule_id, day)
);
COMMENT ON TABLE action_rule_day IS 'subject=none; retention=deployment. How often an action rule matched in browsers, by the company''s day.';
