-- depends: 0002-contacts-and-conversations

-- Articles: what the team writes (article_text) and what everybody may read (article_page). A page is a copy that was
-- published; whoever reads for the public reads no other table, so a draft cannot come along.

CREATE TABLE article_category (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    names      jsonb NOT NULL,
    place      integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE article_category IS 'subject=workspace; retention=deployment. A shelf of the help centre.';
COMMENT ON COLUMN article_category.slug IS 'Its address; made from its first name, and kept when that changes.';
COMMENT ON COLUMN article_category.names IS 'By language.';

CREATE TABLE article (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    category_id     uuid REFERENCES article_category (id) ON DELETE SET NULL,
    place           integer NOT NULL DEFAULT 0,
    picture_file_id uuid REFERENCES file (id) ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX article_of_category ON article (category_id, place);
CREATE INDEX article_picture_shown ON article (picture_file_id) WHERE picture_file_id IS NOT NULL;
COMMENT ON TABLE article IS 'subject=workspace; retention=deployment. One subject, written in one or more languages.';

CREATE TABLE article_picture (
    file_id    uuid PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
    article_id uuid NOT NULL REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX article_picture_article ON article_picture (article_id);
COMMENT ON TABLE article_picture IS 'subject=workspace; retention=deployment. Pictures of an article, which live as long as it does.';

CREATE TABLE article_text (
    article_id uuid NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    language   text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    slug       text CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    title      text NOT NULL DEFAULT '' CHECK (length(title) <= 120),
    summary    text NOT NULL DEFAULT '' CHECK (length(summary) <= 300),
    body       text NOT NULL DEFAULT '' CHECK (length(body) <= 60000),
    revision   integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid REFERENCES agent (id) ON DELETE SET NULL,
    PRIMARY KEY (article_id, language)
);
COMMENT ON TABLE article_text IS 'subject=workspace; retention=deployment. An article in one language as the team is writing it.';
COMMENT ON COLUMN article_text.slug IS 'The address it is to be published at; null is made from the title then.';
COMMENT ON COLUMN article_text.revision IS 'Counts saves; whoever saves names the one they started from.';
COMMENT ON COLUMN article_text.body IS 'Markdown.';
COMMENT ON COLUMN article_text.updated_by IS 'subject=agent; retention=deployment. Who saved last.';

-- Every address an article ever had leads to it.
CREATE TABLE article_slug (
    slug       text PRIMARY KEY,
    article_id uuid NOT NULL,
    language   text NOT NULL,
    FOREIGN KEY (article_id, language) REFERENCES article_text (article_id, language) ON DELETE CASCADE
);
CREATE INDEX article_slug_text ON article_slug (article_id, language);
COMMENT ON TABLE article_slug IS 'subject=workspace; retention=deployment. Present and former addresses of articles.';

-- The words of a language, for searching it. Languages without a dictionary of their own are searched by whole words.
CREATE FUNCTION article_words(language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        CASE language
            WHEN 'ar' THEN 'arabic'::regconfig
            WHEN 'da' THEN 'danish'::regconfig
            WHEN 'de' THEN 'german'::regconfig
            WHEN 'en' THEN 'english'::regconfig
            WHEN 'es' THEN 'spanish'::regconfig
            WHEN 'fi' THEN 'finnish'::regconfig
            WHEN 'fr' THEN 'french'::regconfig
            WHEN 'hu' THEN 'hungarian'::regconfig
            WHEN 'it' THEN 'italian'::regconfig
            WHEN 'nb' THEN 'norwegian'::regconfig
            WHEN 'nl' THEN 'dutch'::regconfig
            WHEN 'pt' THEN 'portuguese'::regconfig
            WHEN 'ro' THEN 'romanian'::regconfig
            WHEN 'ru' THEN 'russian'::regconfig
            WHEN 'sv' THEN 'swedish'::regconfig
            WHEN 'tr' THEN 'turkish'::regconfig
            ELSE 'simple'::regconfig
        END
    );

CREATE TABLE article_page (
    article_id   uuid NOT NULL,
    language     text NOT NULL,
    slug         text NOT NULL UNIQUE,
    title        text NOT NULL,
    summary      text NOT NULL,
    body         text NOT NULL,
    plain        text NOT NULL,
    revision     integer NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    search       tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector(article_words(language), title), 'A')
        || setweight(to_tsvector(article_words(language), summary), 'B')
        || setweight(to_tsvector(article_words(language), plain), 'C')
    ) STORED,
    PRIMARY KEY (article_id, language),
    FOREIGN KEY (article_id, language) REFERENCES article_text (article_id, language) ON DELETE CASCADE
);
CREATE INDEX article_page_search ON article_page USING gin (search);
COMMENT ON TABLE article_page IS 'subject=workspace; retention=deployment. What the help centre shows: an article in one language as it was published.';
COMMENT ON COLUMN article_page.plain IS 'The words of the body without its markup, for searching and for excerpts.';
COMMENT ON COLUMN article_page.revision IS 'Of the text that was published: a higher one there means unpublished changes.';

-- Apart from the page, so that a reader rewrites a few bytes and no text.
CREATE TABLE article_views (
    article_id uuid NOT NULL,
    language   text NOT NULL,
    views      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (article_id, language),
    FOREIGN KEY (article_id, language) REFERENCES article_text (article_id, language) ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON TABLE article_views IS 'subject=none; retention=deployment. How often an article was read; nothing about who did.';

ALTER TABLE entry ADD COLUMN cards jsonb;
COMMENT ON COLUMN entry.cards IS 'What a message shows besides its text: title, summary, picture and address of each card, as they were when it was sent.';
