-- depends: 0002-contacts-and-conversations

-- Cases of the company: each with its numbered history, and the conversations and people that it gathers.

CREATE TABLE ticket (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 10000),
    status      text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'pending', 'solved', 'closed')),
    priority    text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    assignee_id uuid REFERENCES agent (id),
    team_id     uuid REFERENCES team (id) ON DELETE SET NULL,
    due_on      date,
    labels      text[] NOT NULL DEFAULT '{}' CHECK (cardinality(labels) <= 20),
    last_seq    bigint NOT NULL DEFAULT 0,
    created_by  uuid REFERENCES agent (id),
    client_id   uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    -- Signs are taken out first: the parser would take SS-0922 for a word and a negative number, and a.b for a host.
    words       tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', translate(
        title || ' ' || description, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)))) STORED,
    CHECK (assignee_id IS NULL OR team_id IS NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX ticket_client_id ON ticket (created_by, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX ticket_updated ON ticket (updated_at, number);
CREATE INDEX ticket_status ON ticket (status, updated_at, number);
CREATE INDEX ticket_assignee ON ticket (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX ticket_team ON ticket (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX ticket_due ON ticket (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX ticket_labels ON ticket USING gin (labels);
CREATE INDEX ticket_words ON ticket USING gin (words);
COMMENT ON TABLE ticket IS 'subject=workspace; retention=ticket. The company''s own record of a case.';
COMMENT ON COLUMN ticket.number IS 'Shown as #1042. A creation that fails may leave a gap.';
COMMENT ON COLUMN ticket.title IS 'Of a ticket made from a conversation: the visitor''s words, until an agent writes others.';
COMMENT ON COLUMN ticket.due_on IS 'A day of the reader''s calendar, wherever they are.';
COMMENT ON COLUMN ticket.words IS 'Of title and description, to search by the beginnings of words.';
COMMENT ON COLUMN ticket.client_id IS 'Made once per user action, so that a repeated request makes no second ticket.';

-- The history. `seq` is taken under the ticket's row lock and has no gaps. Rows are never changed.
CREATE TABLE ticket_entry (
    ticket_number bigint NOT NULL REFERENCES ticket (number) ON DELETE CASCADE,
    seq           bigint NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('created', 'comment', 'changed', 'linked', 'unlinked')),
    author_id     uuid REFERENCES agent (id),
    client_id     uuid,
    text          text CHECK (length(text) <= 10000),
    data          jsonb,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (ticket_number, seq)
);
CREATE UNIQUE INDEX ticket_entry_client_id ON ticket_entry (ticket_number, author_id, client_id)
    WHERE client_id IS NOT NULL;
COMMENT ON TABLE ticket_entry IS 'subject=workspace; retention=ticket. Comments, and who changed what of a ticket, numbered.';
COMMENT ON COLUMN ticket_entry.data IS 'Names people and conversations by id alone, so that nothing of them remains when they go.';

CREATE TABLE ticket_contact (
    ticket_number bigint NOT NULL REFERENCES ticket (number) ON DELETE CASCADE,
    contact_id    uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    linked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (ticket_number, contact_id)
);
CREATE INDEX ticket_contact_contact ON ticket_contact (contact_id);
COMMENT ON TABLE ticket_contact IS 'subject=contact; retention=ticket. Whom a ticket concerns; goes with the person.';

CREATE TABLE ticket_conversation (
    ticket_number   bigint NOT NULL REFERENCES ticket (number) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    linked_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (ticket_number, conversation_id)
);
CREATE INDEX ticket_conversation_conversation ON ticket_conversation (conversation_id);
COMMENT ON TABLE ticket_conversation IS 'subject=contact; retention=ticket. Where a ticket was spoken of; goes with the conversation.';

CREATE TABLE ticket_view (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id   uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    shared     boolean NOT NULL DEFAULT false,
    question   jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX ticket_view_own_name ON ticket_view (owner_id, lower(name)) WHERE NOT shared;
CREATE UNIQUE INDEX ticket_view_shared_name ON ticket_view (lower(name)) WHERE shared;
COMMENT ON TABLE ticket_view IS 'subject=agent; retention=account. A saved question to the list of tickets: one agent''s own, or shared with all.';
COMMENT ON COLUMN ticket_view.question IS 'ViewQuestion; "me" in it is whoever looks.';
