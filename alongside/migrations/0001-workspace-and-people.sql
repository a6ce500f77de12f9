-- The company, its agents and teams, how they sign in, and where visitors write from.
--
-- The comment of every table says whose data it holds and how long it is kept; columns share it unless they say otherwise.

CREATE TABLE workspace (
    singleton          boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    name               text NOT NULL DEFAULT '' CHECK (length(name) <= 120),
    epoch              uuid NOT NULL DEFAULT gen_random_uuid(),
    default_locale     text NOT NULL DEFAULT 'en' CHECK (default_locale IN ('en', 'de')),
    setup_token_sha256 bytea CHECK (length(setup_token_sha256) = 32),
    created_at         timestamptz NOT NULL DEFAULT now()
);
INSERT INTO workspace DEFAULT VALUES;
COMMENT ON TABLE workspace IS 'subject=workspace; retention=deployment. The company this deployment serves: always exactly one row.';
COMMENT ON COLUMN workspace.name IS 'Empty until set up.';
COMMENT ON COLUMN workspace.epoch IS 'Names the history that log numbers belong to; changes when a backup is restored.';
COMMENT ON COLUMN workspace.setup_token_sha256 IS 'Of the one-time link that creates the first admin; null when there is none to use.';

CREATE TABLE role (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    permissions text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX role_name ON role (lower(name));
INSERT INTO role (name, permissions) VALUES ('Admin', '{*}');
COMMENT ON TABLE role IS 'subject=workspace; retention=deployment. What agents may do; the permission * grants all.';

CREATE TABLE agent (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email           text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    display_name    text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 80),
    password_hash   text,
    role_id         uuid NOT NULL REFERENCES role (id),
    locale          text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'de')),
    area            text NOT NULL DEFAULT 'chat' CHECK (area IN ('chat', 'call', 'both', 'none')),
    chat_limit      integer NOT NULL DEFAULT 5 CHECK (chat_limit BETWEEN 1 AND 1000),
    tags            text[] NOT NULL DEFAULT '{}',
    active          boolean NOT NULL DEFAULT true,
    wants_online    boolean NOT NULL DEFAULT false,
    lease_until     timestamptz,
    shown_online    boolean NOT NULL DEFAULT false,
    shown_logged_in boolean NOT NULL DEFAULT false,
    picture_file_id uuid,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX agent_email ON agent (lower(email));
CREATE INDEX agent_role ON agent (role_id);
CREATE INDEX agent_live ON agent (lease_until) WHERE lease_until IS NOT NULL;
COMMENT ON TABLE agent IS 'subject=agent; retention=account. Who answers. Never deleted while history names them: deactivated instead.';
COMMENT ON COLUMN agent.display_name IS 'Visitors see it.';
COMMENT ON COLUMN agent.password_hash IS 'argon2id; null for who cannot sign in with a password.';
COMMENT ON COLUMN agent.area IS 'What the agent is given: chats, calls, both, none.';
COMMENT ON COLUMN agent.chat_limit IS 'Open conversations at which nobody hands over more.';
COMMENT ON COLUMN agent.tags IS 'Skills.';
COMMENT ON COLUMN agent.wants_online IS 'Pressed Go online.';
COMMENT ON COLUMN agent.lease_until IS 'Has a live connection, or had one until a minute before this.';
COMMENT ON COLUMN agent.shown_online IS 'What was last announced; compared with the lease to announce each change once.';
COMMENT ON COLUMN agent.shown_logged_in IS 'As shown_online.';
COMMENT ON COLUMN agent.picture_file_id IS 'Visitors see it.';

CREATE TABLE file (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    storage_key    text NOT NULL UNIQUE,
    media_type     text NOT NULL,
    bytes          bigint NOT NULL CHECK (bytes >= 0),
    sha256         bytea NOT NULL CHECK (length(sha256) = 32),
    purpose        text NOT NULL CHECK (purpose IN ('picture')),
    owner_agent_id uuid REFERENCES agent (id) ON DELETE SET NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE agent ADD FOREIGN KEY (picture_file_id) REFERENCES file (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX agent_picture ON agent (picture_file_id) WHERE picture_file_id IS NOT NULL;
CREATE INDEX file_owner ON file (owner_agent_id);
COMMENT ON TABLE file IS 'subject=agent; retention=account. A stored file; its bytes lie in the object store under storage_key.';
COMMENT ON COLUMN file.storage_key IS 'Random; never made from anything a person typed.';
COMMENT ON COLUMN file.media_type IS 'Told by the content, not by the uploader.';
COMMENT ON COLUMN file.owner_agent_id IS 'Who uploaded it.';

CREATE TABLE team (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    tags       text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX team_name ON team (lower(name));
COMMENT ON TABLE team IS 'subject=workspace; retention=deployment. Agents who share work.';
COMMENT ON COLUMN team.tags IS 'Skills.';

CREATE TABLE team_member (
    team_id  uuid NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);
COMMENT ON TABLE team_member IS 'subject=agent; retention=account';

CREATE TABLE session (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    agent_id     uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    user_agent   text NOT NULL DEFAULT '' CHECK (length(user_agent) <= 300)
);
CREATE INDEX session_agent ON session (agent_id, last_seen_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX session_expiry ON session (expires_at);
COMMENT ON TABLE session IS 'subject=agent; retention=session. A signed-in browser of an agent. Swept a month after its end.';
COMMENT ON COLUMN session.id IS 'Public name; not the secret.';
COMMENT ON COLUMN session.last_seen_at IS 'Written at most once a minute.';
COMMENT ON COLUMN session.user_agent IS 'So that the agent recognises their own browsers.';

CREATE TABLE invitation (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    email        text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    role_id      uuid NOT NULL REFERENCES role (id),
    invited_by   uuid REFERENCES agent (id) ON DELETE SET NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    accepted_at  timestamptz
);
CREATE UNIQUE INDEX invitation_email ON invitation (lower(email)) WHERE accepted_at IS NULL;
CREATE INDEX invitation_role ON invitation (role_id);
COMMENT ON TABLE invitation IS 'subject=agent; retention=invitation. A link that lets one person become an agent. Swept a month after its end.';

CREATE TABLE channel (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key             text NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9-]{3,40}$'),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    kind            text NOT NULL DEFAULT 'webchat' CHECK (kind IN ('webchat')),
    settings        jsonb NOT NULL DEFAULT '{}',
    allowed_origins text[] NOT NULL DEFAULT '{}',
    active          boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE channel IS 'subject=workspace; retention=deployment. Where visitors write from: the web chat of one site. The interface says Provider.';
COMMENT ON COLUMN channel.key IS 'Public: it stands in the page of the site.';
COMMENT ON COLUMN channel.settings IS 'ChannelSettings; what is absent has its default.';
COMMENT ON COLUMN channel.allowed_origins IS 'Sites that may show the widget; empty means any.';

CREATE TABLE channel_identity_key (
    channel_id uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    kid        text NOT NULL CHECK (kid ~ '^[a-z0-9]{1,40}$'),
    secret     text NOT NULL CHECK (length(secret) >= 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    PRIMARY KEY (channel_id, kid)
);
COMMENT ON TABLE channel_identity_key IS 'subject=workspace; retention=deployment. A key with which a site signs who its visitors are.';
COMMENT ON COLUMN channel_identity_key.secret IS 'HMAC needs it as it is, so it cannot be stored hashed.';

CREATE TABLE rate_salt (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    salt      uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO rate_salt DEFAULT VALUES;
COMMENT ON TABLE rate_salt IS 'subject=none; retention=deployment. Salts rate_window.key, so that a leaked table is no ready list of addresses. One row.';

CREATE TABLE rate_window (
    key        bytea PRIMARY KEY CHECK (length(key) = 32),
    started_at timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,
    count      integer NOT NULL DEFAULT 1
);
CREATE INDEX rate_window_end ON rate_window (ends_at);
COMMENT ON TABLE rate_window IS 'subject=contact; retention=window. How often somebody tried something lately.';
COMMENT ON COLUMN rate_window.key IS 'Salted hash of purpose, principal and address prefix; no address is stored as such.';
