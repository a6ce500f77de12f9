-- depends: 0002-contacts-and-conversations

-- Prepared answers, which agents search for and insert while they write.

CREATE TABLE text_block (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    shortcut        text CHECK (length(shortcut) BETWEEN 1 AND 40),
    text            text NOT NULL CHECK (length(text) BETWEEN 1 AND 10000),
    folder          text NOT NULL DEFAULT '' CHECK (length(folder) <= 80),
    language        text CHECK (length(language) BETWEEN 2 AND 35),
    everybody       boolean NOT NULL,
    uses            bigint NOT NULL DEFAULT 0,
    last_used_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    search_title    text COLLATE "C" NOT NULL,
    search_shortcut text COLLATE "C" NOT NULL,
    search_text     text COLLATE "C" NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE text_block IS 'subject=workspace; retention=deployment. A prepared answer.';
COMMENT ON COLUMN text_block.shortcut IS 'Lower case, without the #.';
COMMENT ON COLUMN text_block.text IS 'With variables such as {{contact.name|there}}, filled in when it is inserted.';
COMMENT ON COLUMN text_block.folder IS 'Empty: in none.';
COMMENT ON COLUMN text_block.language IS 'BCP 47; null: fits any.';
COMMENT ON COLUMN text_block.everybody IS 'Says the same as a scope without a team, so that a search need not look there.';
COMMENT ON COLUMN text_block.uses IS 'How often it was part of something sent.';
COMMENT ON COLUMN text_block.search_title IS 'Folded (kit/search.py), each word after a space.';
COMMENT ON COLUMN text_block.search_shortcut IS 'Folded likewise.';
COMMENT ON COLUMN text_block.search_text IS 'Shortcut, title and text, folded likewise.';

-- Shortcut and language stand here again so that one index can say: once per scope and language.
CREATE TABLE text_block_scope (
    text_block_id uuid NOT NULL REFERENCES text_block ON DELETE CASCADE,
    team_id       uuid REFERENCES team ON DELETE CASCADE,
    shortcut      text,
    language      text,
    UNIQUE NULLS NOT DISTINCT (text_block_id, team_id)
);
CREATE UNIQUE INDEX text_block_shortcut ON text_block_scope (shortcut, language, team_id) NULLS NOT DISTINCT
    WHERE shortcut IS NOT NULL;
CREATE INDEX text_block_scope_team ON text_block_scope (team_id);
COMMENT ON TABLE text_block_scope IS 'subject=workspace; retention=deployment. Who may use a text block: a row for each team, or one without a team for everybody. A block without a row is nobody''s.';
