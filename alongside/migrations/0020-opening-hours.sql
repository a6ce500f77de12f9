-- depends: 0012-reports

-- When the company is open. Channels go by these hours, each by the company's or by others that it chose.

CREATE TABLE opening_hours (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    is_default boolean NOT NULL DEFAULT false,
    hours      jsonb NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX opening_hours_name ON opening_hours (lower(name));
CREATE UNIQUE INDEX opening_hours_default ON opening_hours (is_default) WHERE is_default;
COMMENT ON TABLE opening_hours IS 'subject=workspace; retention=deployment. When the company is open.';
COMMENT ON COLUMN opening_hours.is_default IS 'The company''s own: what chooses none goes by them. Exactly one row.';
COMMENT ON COLUMN opening_hours.hours IS 'Hours: zone, spans of each weekday, special days.';
COMMENT ON COLUMN opening_hours.version IS 'Counts changes, so that nobody overwrites what they have not seen.';

INSERT INTO opening_hours (name, is_default, hours)
SELECT 'Opening hours', true, jsonb_build_object(
    'zone', (SELECT time_zone FROM workspace),
    'week', jsonb_build_array(workday, workday, workday, workday, workday, '[]'::jsonb, '[]'::jsonb),
    'special', '[]'::jsonb)
FROM (SELECT '[{"opens": "09:00", "closes": "17:00"}]'::jsonb AS workday) AS usual;
