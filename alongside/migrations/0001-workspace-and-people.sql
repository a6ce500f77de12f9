-- The company, its agents and teams, how they sign in, and where visitors write from.
--
-- Every table and column says in its comment whose data it holds and how long it is kept.

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
COMMENT ON COLUMN workspace.singleton IS 'subject=none; retention=deployment';
COMMENT ON COLUMN workspace.name IS 'subject=workspace; retention=deployment. Empty until set up.';
COMMENT ON COLUMN workspace.epoch IS 'subject=none; retention=deployment. Names the history that log numbers belong to; changes when a backup is restored.';
COMMENT ON COLUMN workspace.default_locale IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN workspace.setup_token_sha256 IS 'subject=none; retention=deployment. Of the one-time link that creates the first admin; null when there is none to use.';
COMMENT ON COLUMN workspace.created_at IS 'subject=none; retention=deployment';

CREATE TABLE role (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    permissions text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX role_name ON role (lower(name));
INSERT INTO role (name, permissions) VALUES ('Admin', '{*}');
COMMENT ON TABLE role IS 'subject=workspace; retention=deployment. What agents may do; the permission * grants all.';
COMMENT ON COLUMN role.id IS 'subject=none; retention=deployment';
COMMENT ON COLUMN role.name IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN role.permissions IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN role.created_at IS 'subject=none; retention=deployment';

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
COMMENT ON COLUMN agent.id IS 'subject=agent; retention=account';
COMMENT ON COLUMN agent.email IS 'subject=agent; retention=account';
COMMENT ON COLUMN agent.display_name IS 'subject=agent; retention=account. Visitors see it.';
COMMENT ON COLUMN agent.password_hash IS 'subject=agent; retention=account. argon2id; null for who cannot sign in with a password.';
COMMENT ON COLUMN agent.role_id IS 'subject=agent; retention=account';
COMMENT ON COLUMN agent.locale IS 'subject=agent; retention=account';
COMMENT ON COLUMN agent.area IS 'subject=agent; retention=account. What the agent is given: chats, calls, both, none.';
COMMENT ON COLUMN agent.chat_limit IS 'subject=agent; retention=account. Open conversations at which nobody hands over more.';
COMMENT ON COLUMN agent.tags IS 'subject=agent; retention=account. Skills.';
COMMENT ON COLUMN agent.active IS 'subject=agent; retention=account';
COMMENT ON COLUMN agent.wants_online IS 'subject=agent; retention=account. Pressed Go online.';
COMMENT ON COLUMN agent.lease_until IS 'subject=agent; retention=account. Has a live connection, or had one until a minute before this.';
COMMENT ON COLUMN agent.shown_online IS 'subject=agent; retention=account. What was last announced; compared with the lease to announce each change once.';
COMMENT ON COLUMN agent.shown_logged_in IS 'subject=agent; retention=account. As shown_online.';
COMMENT ON COLUMN agent.picture_file_id IS 'subject=agent; retention=account. Visitors see it.';
COMMENT ON COLUMN agent.created_at IS 'subject=agent; retention=account';

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
COMMENT ON COLUMN file.id IS 'subject=none; retention=account';
COMMENT ON COLUMN file.storage_key IS 'subject=none; retention=account. Random; never made from anything a person typed.';
COMMENT ON COLUMN file.media_type IS 'subject=none; retention=account. Told by the content, not by the uploader.';
COMMENT ON COLUMN file.bytes IS 'subject=none; retention=account';
COMMENT ON COLUMN file.sha256 IS 'subject=none; retention=account';
COMMENT ON COLUMN file.purpose IS 'subject=none; retention=account';
COMMENT ON COLUMN file.owner_agent_id IS 'subject=agent; retention=account. Who uploaded it.';
COMMENT ON COLUMN file.created_at IS 'subject=none; retention=account';

CREATE TABLE team (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    tags       text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX team_name ON team (lower(name));
COMMENT ON TABLE team IS 'subject=workspace; retention=deployment. Agents who share work.';
COMMENT ON COLUMN team.id IS 'subject=none; retention=deployment';
COMMENT ON COLUMN team.name IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN team.tags IS 'subject=workspace; retention=deployment. Skills.';
COMMENT ON COLUMN team.created_at IS 'subject=none; retention=deployment';

CREATE TABLE team_member (
    team_id  uuid NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);
COMMENT ON TABLE team_member IS 'subject=agent; retention=account';
COMMENT ON COLUMN team_member.team_id IS 'subject=agent; retention=account';
COMMENT ON COLUMN team_member.agent_id IS 'subject=agent; retention=account';

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
COMMENT ON COLUMN session.id IS 'subject=agent; retention=session. Public name; not the secret.';
COMMENT ON COLUMN session.token_sha256 IS 'subject=agent; retention=session';
COMMENT ON COLUMN session.agent_id IS 'subject=agent; retention=session';
COMMENT ON COLUMN session.created_at IS 'subject=agent; retention=session';
COMMENT ON COLUMN session.last_seen_at IS 'subject=agent; retention=session. Written at most once a minute.';
COMMENT ON COLUMN session.expires_at IS 'subject=agent; retention=session';
COMMENT ON COLUMN session.revoked_at IS 'subject=agent; retention=session';
COMMENT ON COLUMN session.user_agent IS 'subject=agent; retention=session. So that the agent recognises their own browsers.';

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
COMMENT ON COLUMN invitation.id IS 'subject=none; retention=invitation';
COMMENT ON COLUMN invitation.token_sha256 IS 'subject=none; retention=invitation';
COMMENT ON COLUMN invitation.email IS 'subject=agent; retention=invitation';
COMMENT ON COLUMN invitation.role_id IS 'subject=agent; retention=invitation';
COMMENT ON COLUMN invitation.invited_by IS 'subject=agent; retention=invitation';
COMMENT ON COLUMN invitation.created_at IS 'subject=none; retention=invitation';
COMMENT ON COLUMN invitation.expires_at IS 'subject=none; retention=invitation';
COMMENT ON COLUMN invitation.accepted_at IS 'subject=none; retention=invitation';

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
COMMENT ON COLUMN channel.id IS 'subject=none; retention=deployment';
COMMENT ON COLUMN channel.key IS 'subject=none; retention=deployment. Public: it stands in the page of the site.';
COMMENT ON COLUMN channel.name IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN channel.kind IS 'subject=none; retention=deployment';
COMMENT ON COLUMN channel.settings IS 'subject=workspace; retention=deployment. ChannelSettings; what is absent has its default.';
COMMENT ON COLUMN channel.allowed_origins IS 'subject=workspace; retention=deployment. Sites that may show the widget; empty means any.';
COMMENT ON COLUMN channel.active IS 'subject=workspace; retention=deployment';
COMMENT ON COLUMN channel.created_at IS 'subject=none; retention=deployment';

CREATE TABLE channel_identity_key (
    channel_id uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    kid        text NOT NULL CHECK (kid ~ '^[a-z0-9]{1,40}$'),
    secret     text NOT NULL CHECK (length(secret) >= 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    PRIMARY KEY (channel_id, kid)
);
COMMENT ON TABLE channel_identity_key IS 'subject=workspace; retention=deployment. A key with which a site signs who its visitors are.';
COMMENT ON COLUMN channel_identity_key.channel_id IS 'subject=none; retention=deployment';
COMMENT ON COLUMN channel_identity_key.kid IS 'subject=none; retention=deployment';
COMMENT ON COLUMN channel_identity_key.secret IS 'subject=workspace; retention=deployment. HMAC needs it as it is, so it cannot be stored hashed.';
COMMENT ON COLUMN channel_identity_key.created_at IS 'subject=none; retention=deployment';
COMMENT ON COLUMN channel_identity_key.retired_at IS 'subject=none; retention=deployment';

CREATE TABLE rate_salt (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    salt      uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO rate_salt DEFAULT VALUES;
COMMENT ON TABLE rate_salt IS 'subject=none; retention=deployment. Keeps rate_window.key from being turned back into addresses. One row.';
COMMENT ON COLUMN rate_salt.singleton IS 'subject=none; retention=deployment';
COMMENT ON COLUMN rate_salt.salt IS 'subject=none; retention=deployment';

CREATE TABLE rate_window (
    key        bytea PRIMARY KEY CHECK (length(key) = 32),
    started_at timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,
    count      integer NOT NULL DEFAULT 1
);
CREATE INDEX rate_window_end ON rate_window (ends_at);
COMMENT ON TABLE rate_window IS 'subject=visitor; retention=hour. How often somebody tried something lately.';
COMMENT ON COLUMN rate_window.key IS 'subject=visitor; retention=hour. Salted hash of purpose, principal and address prefix: no address is stored.';
COMMENT ON COLUMN rate_window.started_at IS 'subject=none; retention=hour';
COMMENT ON COLUMN rate_window.ends_at IS 'subject=none; retention=hour';
COMMENT ON COLUMN rate_window.count IS 'subject=none; retention=hour';
