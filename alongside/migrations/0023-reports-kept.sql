-- depends: 0012-reports 0014-mail-and-notifications

-- What reports know of each episode without reading its log again; reports that are sent by mail; where visitors are.

CREATE TABLE episode_fact (
    conversation_id   uuid NOT NULL,
    number            integer NOT NULL,
    upto_seq          bigint NOT NULL,
    first_response_at timestamptz,
    agent_ids         uuid[] NOT NULL,
    visitor_messages  bigint NOT NULL,
    agent_messages    bigint NOT NULL,
    notes             bigint NOT NULL,
    waited            interval,
    assigned_ids      uuid[] NOT NULL,
    team_ids          uuid[] NOT NULL,
    PRIMARY KEY (conversation_id, number),
    FOREIGN KEY (conversation_id, number) REFERENCES episode ON DELETE CASCADE
);
COMMENT ON TABLE episode_fact IS 'subject=contact; retention=conversation. What the log says of an episode up to a number. May be thrown away: whatever is missing or behind is read from the log.';
COMMENT ON COLUMN episode_fact.upto_seq IS 'The last entry that it knows. A log only grows, so at the end of its episode it is the truth.';

CREATE TABLE report_schedule (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id    uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    question    jsonb NOT NULL,
    every       text NOT NULL CHECK (every IN ('day', 'week', 'month')),
    day         integer NOT NULL CHECK (day BETWEEN 1 AND 31),
    hour        integer NOT NULL CHECK (hour BETWEEN 0 AND 23),
    zone        text NOT NULL CHECK (length(zone) BETWEEN 1 AND 60),
    recipients  uuid[] NOT NULL CHECK (cardinality(recipients) BETWEEN 1 AND 50),
    paused      boolean NOT NULL DEFAULT false,
    next_at     timestamptz NOT NULL,
    last_at     timestamptz,
    last_result text NOT NULL DEFAULT '' CHECK (length(last_result) <= 100),
    last_sent   integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX report_schedule_due ON report_schedule (next_at) WHERE NOT paused;
CREATE INDEX report_schedule_agent ON report_schedule (agent_id);
COMMENT ON TABLE report_schedule IS 'subject=agent; retention=account. A report that is made again and again, and sent to agents.';
COMMENT ON COLUMN report_schedule.question IS 'Which report, of which days before it is made, filters and columns, by ids; names nobody.';
COMMENT ON COLUMN report_schedule.day IS 'Of the week (Monday is 1) or of the month; the last one of a month that is shorter. Daily: 1.';
COMMENT ON COLUMN report_schedule.recipients IS 'Agents. Whether they may see reports is asked each time.';
COMMENT ON COLUMN report_schedule.last_result IS 'Why it stopped or was not sent, as a code; empty while all is well.';

ALTER TABLE report_export
    ADD COLUMN schedule_id uuid REFERENCES report_schedule (id) ON DELETE SET NULL,
    ADD COLUMN mail_id uuid REFERENCES mail (id) ON DELETE SET NULL;
CREATE INDEX report_export_schedule ON report_export (schedule_id) WHERE schedule_id IS NOT NULL;
CREATE INDEX report_export_mail ON report_export (mail_id) WHERE mail_id IS NOT NULL;
COMMENT ON COLUMN report_export.schedule_id IS 'It was not asked for, but made because it was time.';
COMMENT ON COLUMN report_export.mail_id IS 'The letter that tells its reader.';

ALTER TABLE visit
    ADD COLUMN country text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    ADD COLUMN city text NOT NULL DEFAULT '' CHECK (length(city) <= 80);
COMMENT ON COLUMN visit.country IS 'Two letters (ISO 3166): from the address that it began at, which is not kept, or from the time zone of the browser; empty where neither tells.';
COMMENT ON COLUMN visit.city IS 'From the address alone, where the operator has a database that knows it.';
