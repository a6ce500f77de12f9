-- depends: 0034-rules

-- Clocks of conversations: how soon there is a first answer, a later one, an end. They follow from the log.
CREATE TABLE sla_clock (
    conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('first', 'second', 'resolution')),
    seq bigint NOT NULL,
    episode integer NOT NULL,
    started_at timestamptz NOT NULL,
    pauses timestamptz[] NOT NULL DEFAULT '{}',
    over_at timestamptz,
    met boolean NOT NULL DEFAULT false,
    rule_id uuid REFERENCES rule (id) ON DELETE SET NULL,
    due_at timestamptz,
    warn_at timestamptz,
    warned_at timestamptz,
    missed_at timestamptz,
    PRIMARY KEY (conversation_id, kind, seq)
);
COMMENT ON TABLE sla_clock IS 'subject=contact; retention=conversation. What a conversation waits for, or waited, and what became of its target.';
COMMENT ON COLUMN sla_clock.seq IS 'The entry of the log that began it.';
COMMENT ON COLUMN sla_clock.pauses IS 'When it stood still, and went on, in turn.';
COMMENT ON COLUMN sla_clock.over_at IS 'What it waited for has come (met), or another episode began without.';
COMMENT ON COLUMN sla_clock.rule_id IS 'Whose target holds for it; null where no rule matched.';
COMMENT ON COLUMN sla_clock.due_at IS 'When its time is up; null where it has no target, or was stopped before.';
COMMENT ON COLUMN sla_clock.warned_at IS 'When the warning before due_at was told.';
COMMENT ON COLUMN sla_clock.missed_at IS 'The moment at which its time was up unmet; set once that was told, or found afterwards.';
CREATE INDEX sla_clock_warn ON sla_clock (warn_at) WHERE over_at IS NULL AND warned_at IS NULL AND warn_at IS NOT NULL;
CREATE INDEX sla_clock_due ON sla_clock (due_at) WHERE over_at IS NULL AND missed_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX sla_clock_rule ON sla_clock (rule_id, started_at);

-- How far the clocks of a conversation have followed its log.
CREATE TABLE sla_course (
    conversation_id uuid PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    episode integer NOT NULL,
    seq bigint NOT NULL,
    answered boolean NOT NULL
);
COMMENT ON TABLE sla_course IS 'subject=contact; retention=conversation. How far the clocks of a conversation have followed its log.';
COMMENT ON COLUMN sla_course.answered IS 'In this episode an agent has answered.';

-- By which rules and opening hours all clocks were set, and up to where changes of conversations were followed.
CREATE TABLE sla_round (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    set_by text NOT NULL DEFAULT '',
    changed_in bigint NOT NULL DEFAULT 0
);
INSERT INTO sla_round DEFAULT VALUES;
COMMENT ON TABLE sla_round IS 'subject=none; retention=deployment. One row: by which rules clocks were set, and how far changes were followed.';
COMMENT ON COLUMN sla_round.set_by IS 'A sum of the rules, the opening hours and the history that the clocks were set by.';
COMMENT ON COLUMN sla_round.changed_in IS 'The oldest transaction under way when changes were looked for last.';

-- What the inbox shows of them, and is ordered by.
ALTER TABLE conversation ADD COLUMN sla jsonb, ADD COLUMN sla_due_at timestamptz;
COMMENT ON COLUMN conversation.sla IS 'The target that is up next, as RowTarget; null without one.';
COMMENT ON COLUMN conversation.sla_due_at IS 'When it is up, while its clock runs.';
CREATE INDEX conversation_sla ON conversation (status, sla_due_at, id) WHERE last_seq > 0 AND sla_due_at IS NOT NULL;
CREATE INDEX conversation_sla_holder ON conversation (holder_id, status, sla_due_at, id)
    WHERE last_seq > 0 AND sla_due_at IS NOT NULL;

-- One entry of a log may begin several clocks, and a clock have another due time after a while.
ALTER TABLE notification ADD COLUMN about text NOT NULL DEFAULT '' CHECK (length(about) <= 80);
COMMENT ON COLUMN notification.about IS 'What tells several of one event and entry apart.';
ALTER TABLE notification DROP CONSTRAINT notification_agent_id_conversation_id_event_way_seq_key;
ALTER TABLE notification ADD UNIQUE (agent_id, conversation_id, event, way, seq, about);
