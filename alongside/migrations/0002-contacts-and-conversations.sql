-- depends: 0001-workspace-and-people

-- People who write, how we know them, where they are; their conversations and the numbered log of each.

-- How words are compared in searches, whatever the keyboard has: "Schäfer", "Schaefer" and "schafer" are one, "O'Neill"
-- and "oneill", "Yıldız" and "yildiz". `fold` of alongside/kit/search.py does the same to what is typed.
CREATE FUNCTION search_fold(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN replace(replace(replace(replace(replace(replace(
        translate(lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f''’‘`´ʼ]', '', 'g')), 'ıøđłð', 'iodld'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u');

-- Substring search without an extension: every run of three letters of a name, and the first one and two letters of
-- each of its words, so that one or two typed letters find words that begin with them.
CREATE FUNCTION search_grams(name text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000
    RETURN (
        SELECT coalesce(array_agg(DISTINCT gram), '{}')
        FROM (
            SELECT substr(lower(name), place, 3) AS gram
            FROM generate_series(1, length(name) - 2) AS place
            UNION ALL
            SELECT '^' || left(word, size)
            FROM regexp_split_to_table(lower(name), '\s+') AS word, generate_series(1, 2) AS size
            WHERE length(word) >= size
        ) AS grams
    );

CREATE TABLE contact (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text,
    email text,
    phone text,
    language text,
    claims jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    search_name text NOT NULL GENERATED ALWAYS AS (search_fold(coalesce(name, claims ->> 'name', ''))) STORED
);
CREATE INDEX contact_search ON contact USING gin (search_grams(search_name));
CREATE INDEX contact_email ON contact (lower(email)) WHERE email IS NOT NULL;

-- How a contact is known: kind 'token' holds the hash of a visitor's secret in `secret_hash`, kind 'verified' the
-- site's own id in `value`. Other channels add kinds.
CREATE TABLE identity (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contact_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    channel_id uuid NOT NULL REFERENCES channel ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('token', 'verified')),
    value text,
    secret_hash bytea,
    verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CHECK ((kind = 'token') = (secret_hash IS NOT NULL)),
    CHECK ((kind = 'verified') = (value IS NOT NULL))
);
CREATE UNIQUE INDEX identity_secret ON identity (secret_hash) WHERE secret_hash IS NOT NULL;
CREATE UNIQUE INDEX identity_value ON identity (channel_id, kind, value) WHERE value IS NOT NULL;
CREATE INDEX identity_contact ON identity (contact_id);

CREATE TABLE visit (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contact_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    channel_id uuid NOT NULL REFERENCES channel ON DELETE CASCADE,
    started_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    online_until timestamptz NOT NULL DEFAULT now(),
    url text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    referrer text NOT NULL DEFAULT '',
    browser text NOT NULL DEFAULT '',
    os text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    timezone text NOT NULL DEFAULT '',
    screen text NOT NULL DEFAULT ''
);
CREATE INDEX visit_contact ON visit (contact_id, started_at DESC);

CREATE TABLE page_view (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES visit ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    url text NOT NULL,
    title text NOT NULL
);
CREATE INDEX page_view_visit ON page_view (visit_id, at DESC);

CREATE TABLE conversation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contact_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    channel_id uuid NOT NULL REFERENCES channel ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'unread' CHECK (status IN ('unread', 'unresolved', 'done')),
    assignee_id uuid REFERENCES agent,
    team_id uuid REFERENCES team ON DELETE SET NULL,
    episode integer NOT NULL DEFAULT 1,
    last_seq bigint NOT NULL DEFAULT 0,
    last_public_seq bigint NOT NULL DEFAULT 0,
    preview text NOT NULL DEFAULT '',
    preview_author text,
    last_message_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    unread_count integer NOT NULL DEFAULT 0,
    waiting_since timestamptz,
    visitor_delivered bigint NOT NULL DEFAULT 0,
    visitor_seen bigint NOT NULL DEFAULT 0,
    team_seen bigint NOT NULL DEFAULT 0,
    UNIQUE (contact_id, channel_id)
) WITH (fillfactor = 80);
-- One index for each way the list is filtered, in the list's order. A conversation without a message is in no list;
-- saying so here lets the counts be read from the index alone.
CREATE INDEX conversation_newest ON conversation (last_message_at DESC, id DESC) WHERE last_seq > 0;
CREATE INDEX conversation_folder ON conversation (status, last_message_at DESC, id DESC) WHERE last_seq > 0;
CREATE INDEX conversation_channel ON conversation (channel_id, status, last_message_at DESC, id DESC)
    WHERE last_seq > 0;
CREATE INDEX conversation_mine ON conversation (assignee_id, status, last_message_at DESC, id DESC)
    WHERE assignee_id IS NOT NULL AND last_seq > 0;
CREATE INDEX conversation_team ON conversation (team_id) WHERE team_id IS NOT NULL;

CREATE TABLE episode (
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    number integer NOT NULL,
    first_seq bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    done_at timestamptz,
    PRIMARY KEY (conversation_id, number)
);

-- The log. `seq` is taken under the conversation's row lock and has no gaps; `public_seq` numbers what the visitor
-- may see, likewise. Rows are never changed.
CREATE TABLE entry (
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    seq bigint NOT NULL,
    public_seq bigint,
    episode integer NOT NULL,
    kind text NOT NULL,
    author_kind text NOT NULL CHECK (author_kind IN ('visitor', 'agent', 'system')),
    author_id uuid,
    client_id uuid,
    status text,
    text text,
    data jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, seq)
);
CREATE UNIQUE INDEX entry_client_id ON entry (conversation_id, author_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE conversation_seen (
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    seq bigint NOT NULL,
    PRIMARY KEY (conversation_id, agent_id)
);

-- Whose data each table holds, and for how long (every column of a table shares it unless it says otherwise).
COMMENT ON TABLE contact IS 'subject=contact; retention=contact';
COMMENT ON TABLE identity IS 'subject=contact; retention=contact';
COMMENT ON TABLE visit IS 'subject=contact; retention=visit';
COMMENT ON TABLE page_view IS 'subject=contact; retention=visit';
COMMENT ON TABLE conversation IS 'subject=contact; retention=conversation';
COMMENT ON TABLE episode IS 'subject=contact; retention=conversation';
COMMENT ON TABLE entry IS 'subject=contact; retention=conversation';
COMMENT ON TABLE conversation_seen IS 'subject=agent; retention=conversation';
