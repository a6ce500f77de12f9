-- depends: 0035-routing 0036-sla 0037-action-rules 0038-system-messages

-- What the company wants to be told of while nobody looks.
CREATE TABLE watchdog (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    kind text NOT NULL CHECK (kind IN ('nobody_online', 'queue_longer', 'waits_longer', 'widget_unseen')),
    threshold integer NOT NULL CHECK (threshold BETWEEN 0 AND 1440),
    active boolean NOT NULL,
    in_hours boolean NOT NULL,
    hours_id uuid REFERENCES opening_hours (id) ON DELETE SET NULL,
    channel_id uuid REFERENCES channel (id) ON DELETE CASCADE,
    agent_ids uuid[] NOT NULL,
    team_ids uuid[] NOT NULL,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    watched_from timestamptz NOT NULL DEFAULT now(),
    noticed_at timestamptz,
    raised_at timestamptz,
    cleared_at timestamptz,
    figure integer NOT NULL DEFAULT 0,
    CHECK (kind <> 'widget_unseen' OR channel_id IS NOT NULL)
);
CREATE UNIQUE INDEX watchdog_name ON watchdog ((lower(name)));
COMMENT ON TABLE watchdog IS 'subject=workspace; retention=deployment. What is watched over, who is told, and how it stands.';
COMMENT ON COLUMN watchdog.in_hours IS 'Only opening hours count: those of hours_id, without one the company''s.';
COMMENT ON COLUMN watchdog.agent_ids IS 'Who is told, and the members of team_ids; whoever is gone is told nothing.';
COMMENT ON COLUMN watchdog.watched_from IS 'Since when it watches as it does now: a site that was never seen is missed from then on.';
COMMENT ON COLUMN watchdog.noticed_at IS 'Since when nobody is online, while that is so.';
COMMENT ON COLUMN watchdog.raised_at IS 'When the last alarm was raised; it is over once cleared_at is set.';
COMMENT ON COLUMN watchdog.figure IS 'What was measured when the alarm was raised, in the unit of the kind.';

-- A letter about an alarm.
ALTER TABLE mail ADD COLUMN watchdog_id uuid REFERENCES watchdog (id) ON DELETE SET NULL;

-- When a site was seen last.
CREATE INDEX visit_channel ON visit (channel_id, started_at DESC);
