-- depends: 0001-workspace-and-people

-- How agents must sign in, and what they prove besides a password.

CREATE TABLE sign_in_rule (
    singleton              boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    password_chars         integer NOT NULL DEFAULT 10 CHECK (password_chars BETWEEN 10 AND 40),
    second_factor_required boolean NOT NULL DEFAULT false
);
INSERT INTO sign_in_rule DEFAULT VALUES;
COMMENT ON TABLE sign_in_rule IS 'subject=workspace; retention=deployment. What the company asks of everybody who signs in. One row.';
COMMENT ON COLUMN sign_in_rule.password_chars IS 'The shortest password that may be chosen; those chosen before hold on.';
COMMENT ON COLUMN sign_in_rule.second_factor_required IS 'Who signs in by a password and has no second factor sets one up before anything else.';

CREATE TABLE second_factor (
    agent_id     uuid PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    secret       text NOT NULL CHECK (length(secret) = 32),
    last_step    bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz
);
COMMENT ON TABLE second_factor IS 'subject=agent; retention=account. An authenticator app that shows codes (TOTP, RFC 6238).';
COMMENT ON COLUMN second_factor.secret IS 'Base32, 160 bits. The codes are computed from it, so it cannot be stored hashed.';
COMMENT ON COLUMN second_factor.last_step IS 'Of the last code that was accepted, in half minutes since 1970: neither it nor an earlier one is accepted again.';
COMMENT ON COLUMN second_factor.confirmed_at IS 'Null until a first code has proven that the app has the secret; nothing is asked before.';

CREATE TABLE recovery_code (
    code_sha256 bytea PRIMARY KEY CHECK (length(code_sha256) = 32),
    agent_id    uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recovery_code_agent ON recovery_code (agent_id);
COMMENT ON TABLE recovery_code IS 'subject=agent; retention=account. Stands in for the authenticator once; the row goes with its use.';
COMMENT ON COLUMN recovery_code.code_sha256 IS 'A plain hash suffices: a code has 120 random bits.';

CREATE TABLE half_sign_in (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    agent_id     uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    step         text NOT NULL CHECK (step IN ('code', 'enrol')),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX half_sign_in_agent ON half_sign_in (agent_id);
CREATE INDEX half_sign_in_expiry ON half_sign_in (expires_at);
COMMENT ON TABLE half_sign_in IS 'subject=agent; retention=window. A browser that has shown the password and not yet the second factor. It can do nothing else.';
COMMENT ON COLUMN half_sign_in.step IS 'What is missing: a code, or setting up what makes codes.';

CREATE TABLE provider_identity (
    issuer     text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    agent_id   uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (agent_id, issuer)
);
COMMENT ON TABLE provider_identity IS 'subject=agent; retention=account. By which name the company''s own sign-in (OpenID Connect) knows an agent.';
COMMENT ON COLUMN provider_identity.subject IS 'Never given to another person by the provider, as addresses are.';
