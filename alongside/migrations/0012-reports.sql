-- depends: 0002-contacts-and-conversations 0005-fields-and-labels 0009-erasure

-- Reports: what they read by, whose days they count in, files that are made of them; and when agents were there.

-- Episodes of a period, in the order in which a report is read.
CREATE INDEX episode_opened ON episode (opened_at, conversation_id, number);
-- Who held a conversation when: few entries of many.
CREATE INDEX entry_assignment ON entry (conversation_id, seq) WHERE kind = 'assignment';

ALTER TABLE workspace ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 60);
COMMENT ON COLUMN workspace.time_zone IS 'IANA name. Reports count days in it, whoever reads them.';

ALTER TABLE erasure ADD COLUMN transaction xid8 NOT NULL DEFAULT pg_current_xact_id();
COMMENT ON COLUMN erasure.transaction IS 'Tells files that were begun before from those that cannot hold this contact.';

CREATE TABLE report_export (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id    uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    report      text NOT NULL CHECK (report IN ('conversations', 'gathered')),
    question    jsonb NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'ready', 'cancelled', 'failed')),
    storage_key text NOT NULL UNIQUE,
    parts       integer NOT NULL DEFAULT 0,
    rows        bigint NOT NULL DEFAULT 0,
    bytes       bigint NOT NULL DEFAULT 0,
    progress    real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    place       text,
    seen        pg_snapshot NOT NULL DEFAULT pg_current_snapshot(),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX report_export_agent ON report_export (agent_id, created_at DESC);
CREATE INDEX report_export_expiry ON report_export (expires_at);
COMMENT ON TABLE report_export IS 'subject=agent; retention=export. A report that is, or was, written to a file. Swept a day after it was asked for.';
COMMENT ON COLUMN report_export.question IS 'Period, filters and columns, by ids; names nobody.';
COMMENT ON COLUMN report_export.storage_key IS 'Its parts lie in the object store under this and their number. Random. Deleted as soon as a contact is erased.';
COMMENT ON COLUMN report_export.seen IS 'What was committed when it was asked for: an erasure that is not among it may be of somebody in the file.';
COMMENT ON COLUMN report_export.place IS 'The last row written, from which whoever takes over goes on.';

CREATE TABLE agent_span (
    agent_id uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    kind     text NOT NULL CHECK (kind IN ('logged_in', 'online')),
    began_at timestamptz NOT NULL,
    ended_at timestamptz CHECK (ended_at >= began_at),
    PRIMARY KEY (agent_id, kind, began_at)
);
CREATE UNIQUE INDEX agent_span_running ON agent_span (agent_id, kind) WHERE ended_at IS NULL;
CREATE INDEX agent_span_began ON agent_span (began_at);
COMMENT ON TABLE agent_span IS 'subject=agent; retention=times. When an agent was logged in, and when online. Swept two years after its end.';
COMMENT ON COLUMN agent_span.ended_at IS 'Null while it lasts: then it reaches to now, or to the end of the lease where that is over.';
INSERT INTO agent_span (agent_id, kind, began_at)
SELECT id, kind, now() FROM agent
CROSS JOIN LATERAL (VALUES ('logged_in', shown_logged_in), ('online', shown_online)) AS shown (kind, there) WHERE there;
