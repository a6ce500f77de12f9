-- depends: 0016-sign-in

-- Keys that browsers and phones keep (WebAuthn), and another password for who forgot theirs.

CREATE TABLE passkey (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id      uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea NOT NULL CHECK (length(public_key) BETWEEN 1 AND 2000),
    sign_count    bigint NOT NULL CHECK (sign_count >= 0),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    synced        boolean NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz
);
CREATE INDEX passkey_agent ON passkey (agent_id);
COMMENT ON TABLE passkey IS 'subject=agent; retention=account. A key pair by which an agent signs in; the private half never leaves the agent''s device or password manager.';
COMMENT ON COLUMN passkey.credential_id IS 'By which the authenticator knows the key.';
COMMENT ON COLUMN passkey.sign_count IS 'How often the authenticator says it has signed. One that counts and falls behind was copied; 0 does not count.';
COMMENT ON COLUMN passkey.synced IS 'The authenticator says that it may be on several devices of its owner.';

CREATE TABLE passkey_challenge (
    purpose      text NOT NULL CHECK (purpose IN ('add', 'step', 'sign-in')),
    bound_sha256 bytea NOT NULL CHECK (length(bound_sha256) = 32),
    challenge    bytea NOT NULL CHECK (length(challenge) = 32),
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (bound_sha256, purpose)
);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);
COMMENT ON TABLE passkey_challenge IS 'subject=none; retention=window. What an authenticator was asked to sign. The row goes with the first answer.';
COMMENT ON COLUMN passkey_challenge.bound_sha256 IS 'Of what the asking browser holds: its session, its half sign-in, or a secret in a cookie. No other one''s answer counts.';

CREATE TABLE password_reset (
    agent_id     uuid PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    token_sha256 bytea UNIQUE CHECK (length(token_sha256) = 32),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX password_reset_expiry ON password_reset (expires_at);
COMMENT ON TABLE password_reset IS 'subject=agent; retention=window. Somebody said that they forgot their password. The row goes with the new one.';
COMMENT ON COLUMN password_reset.token_sha256 IS 'Of the link in the letter, which is made when the letter is sent; null until then.';
