-- depends: 0009-erasure

-- Letters on their way and their log; the way back for visitors who left; what agents want to be told, and how.

CREATE TABLE mail (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    address         text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    agent_id        uuid REFERENCES agent (id) ON DELETE CASCADE,
    invitation_id   uuid REFERENCES invitation (id) ON DELETE CASCADE,
    contact_id      uuid REFERENCES contact (id) ON DELETE CASCADE,
    conversation_id uuid REFERENCES conversation (id) ON DELETE CASCADE,
    seq             bigint,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    tries           integer NOT NULL DEFAULT 0,
    next_try_at     timestamptz NOT NULL DEFAULT now(),
    reason          text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    created_at      timestamptz NOT NULL DEFAULT now(),
    done_at         timestamptz
);
CREATE INDEX mail_due ON mail (next_try_at) WHERE state = 'waiting';
CREATE INDEX mail_newest ON mail (created_at DESC, id DESC);
CREATE INDEX mail_agent ON mail (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX mail_invitation ON mail (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE INDEX mail_contact ON mail (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX mail_conversation ON mail (conversation_id) WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE mail IS 'subject=contact; retention=delivery. Letters that wait, and what became of the others. Holds no text: a letter is written when it is sent.';
COMMENT ON COLUMN mail.seq IS 'Of an answer: the last number of its visitor''s log that the letter holds, once it was written.';
COMMENT ON COLUMN mail.next_try_at IS 'While one process sends it: when another may take it over.';
COMMENT ON COLUMN mail.reason IS 'What the mail server said, or why it was not sent.';

ALTER TABLE invitation ADD COLUMN mailed_sha256 bytea UNIQUE CHECK (length(mailed_sha256) = 32);
COMMENT ON COLUMN invitation.mailed_sha256 IS 'Of the link in the letter, which is made when the letter is sent: the other one was shown once and is not kept.';

-- How a visitor who left comes back to one conversation.
CREATE TABLE return_link (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_sha256    bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    stop_sha256     bytea NOT NULL UNIQUE CHECK (length(stop_sha256) = 32),
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL
);
CREATE INDEX return_link_conversation ON return_link (conversation_id);
CREATE INDEX return_link_expiry ON return_link (expires_at);
COMMENT ON TABLE return_link IS 'subject=contact; retention=link. Leads whoever reads the mail back to one conversation. Swept when it has expired.';

CREATE TABLE answer_mail (
    conversation_id uuid PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    queued_seq      bigint NOT NULL DEFAULT 0,
    mailed_seq      bigint NOT NULL DEFAULT 0,
    stopped_at      timestamptz
);
COMMENT ON TABLE answer_mail IS 'subject=contact; retention=conversation. How far the answers of a conversation went out by mail, in the numbering of its visitor.';
COMMENT ON COLUMN answer_mail.queued_seq IS 'Up to here a letter was put on its way, whether it arrived or not.';
COMMENT ON COLUMN answer_mail.stopped_at IS 'The reader wants no more of them.';

ALTER TABLE identity ADD COLUMN expires_at timestamptz;
COMMENT ON COLUMN identity.expires_at IS 'Of a token that a return link gave; null for others, which hold until revoked.';

CREATE TABLE notification_settings (
    agent_id        uuid PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    choices         jsonb NOT NULL DEFAULT '{}',
    repeat_sound    boolean NOT NULL DEFAULT false,
    when_offline    boolean NOT NULL DEFAULT false,
    waiting_minutes integer NOT NULL DEFAULT 5 CHECK (waiting_minutes BETWEEN 1 AND 1440),
    digest_minutes  integer NOT NULL DEFAULT 15 CHECK (digest_minutes BETWEEN 1 AND 1440)
);
COMMENT ON TABLE notification_settings IS 'subject=agent; retention=account. What an agent wants to be told, and by which ways.';
COMMENT ON COLUMN notification_settings.choices IS 'Choices; what is absent has its default.';

CREATE TABLE push_device (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id     uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    session_id   uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    endpoint     text NOT NULL UNIQUE CHECK (length(endpoint) <= 2000),
    p256dh       text NOT NULL CHECK (length(p256dh) <= 200),
    auth         text NOT NULL CHECK (length(auth) <= 100),
    user_agent   text NOT NULL DEFAULT '' CHECK (length(user_agent) <= 300),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_push_at timestamptz
);
CREATE INDEX push_device_agent ON push_device (agent_id);
CREATE INDEX push_device_session ON push_device (session_id);
COMMENT ON TABLE push_device IS 'subject=agent; retention=session. A browser that takes Web Push for an agent; gone when its push service says so, or its session ends.';
COMMENT ON COLUMN push_device.endpoint IS 'Whoever knows it, and our key, can push to this browser.';

CREATE TABLE push_key (
    singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    private_pem text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE push_key IS 'subject=none; retention=deployment. The key (VAPID) that signs our pushes; at most one row, made when it is first needed.';

CREATE TABLE notification (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id        uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    conversation_id uuid REFERENCES conversation (id) ON DELETE CASCADE,
    event           text NOT NULL CHECK (event ~ '^[a-z_]{1,40}$'),
    way             text NOT NULL CHECK (way IN ('page', 'push', 'mail')),
    seq             bigint NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    reason          text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    due_at          timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    done_at         timestamptz,
    UNIQUE (agent_id, conversation_id, event, way, seq)
);
CREATE INDEX notification_due ON notification (way, due_at) WHERE state = 'waiting';
CREATE INDEX notification_newest ON notification (agent_id, created_at DESC);
CREATE INDEX notification_conversation ON notification (conversation_id);
COMMENT ON TABLE notification IS 'subject=contact; retention=delivery. What an agent was told, or is to be, and what became of it.';
COMMENT ON COLUMN notification.seq IS 'The entry of the log that it speaks of.';

ALTER TABLE workspace ADD COLUMN push_text boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN workspace.push_text IS 'Pushes and digests say who wrote and what; else only that somebody did.';
