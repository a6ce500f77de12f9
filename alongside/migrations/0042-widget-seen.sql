-- depends: 0041-replayable

-- A visit is kept only of whoever has a token. A site whose visitors only look is no site without its widget.
CREATE TABLE widget_seen (
    channel_id uuid PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    seen_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE widget_seen IS 'subject=workspace; retention=deployment. When a page of a channel''s site asked for its widget last. It says nothing of whose browser that was.';
COMMENT ON COLUMN widget_seen.seen_at IS 'True to the minute.';
