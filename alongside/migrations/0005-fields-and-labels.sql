-- depends: 0002-contacts-and-conversations

-- What a company wants to know of its customers (fields), marks on contacts and conversations (labels), and contacts
-- that are one person (merges).

CREATE TABLE field (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key         text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    kind        text NOT NULL CHECK (kind IN ('text', 'long_text', 'number', 'date', 'choice', 'choices', 'yes_no',
                                              'email', 'phone', 'link')),
    label       jsonb NOT NULL,
    help        jsonb NOT NULL DEFAULT '{}',
    options     jsonb NOT NULL DEFAULT '[]',
    required    boolean NOT NULL DEFAULT false,
    personal    boolean NOT NULL DEFAULT true,
    set_by_page text NOT NULL DEFAULT 'never' CHECK (set_by_page IN ('never', 'signed', 'unsigned')),
    role_ids    uuid[] NOT NULL DEFAULT '{}',
    position    integer NOT NULL,
    archived_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE field IS 'subject=workspace; retention=deployment. A piece of Additional information that is kept of contacts.';
COMMENT ON COLUMN field.key IS 'Its name for programs: the page''s identify, CSV, the API.';
COMMENT ON COLUMN field.label IS 'Language tag to text; at least one.';
COMMENT ON COLUMN field.options IS 'Of a choice: [{"value", "label"}]. Values are stored, labels are shown.';
COMMENT ON COLUMN field.personal IS 'Whether its values say something of a person.';
COMMENT ON COLUMN field.set_by_page IS 'Whether a page may set it through identify: never, in a signed token, or as a claim too.';
COMMENT ON COLUMN field.role_ids IS 'Roles that may know the values; empty means all.';

-- A row for each value, so that two who change different fields never meet, and each knows where it came from.
CREATE TABLE contact_field (
    contact_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    field_id   uuid NOT NULL REFERENCES field ON DELETE CASCADE,
    value      jsonb,
    claim      jsonb,
    source     text CHECK (source IN ('agent', 'signed', 'import', 'merge')),
    set_by     uuid REFERENCES agent (id) ON DELETE SET NULL,
    set_at     timestamptz NOT NULL DEFAULT now(),
    search     text NOT NULL DEFAULT '' CHECK (length(search) <= 500),
    PRIMARY KEY (contact_id, field_id),
    CHECK (value IS NOT NULL OR claim IS NOT NULL),
    CHECK ((value IS NOT NULL) = (source IS NOT NULL))
);
CREATE INDEX contact_field_of ON contact_field (field_id);
CREATE INDEX contact_field_agent ON contact_field (set_by) WHERE set_by IS NOT NULL;
CREATE INDEX contact_field_search ON contact_field USING gin (search_grams(search)) WHERE search <> '';
COMMENT ON TABLE contact_field IS 'subject=contact; retention=contact. The value of a field for a contact.';
COMMENT ON COLUMN contact_field.value IS 'JSON as the field''s kind says.';
COMMENT ON COLUMN contact_field.claim IS 'What a page said without proof; shown as such, and never in the place of a value.';
COMMENT ON COLUMN contact_field.search IS 'The value in words as they are compared, the beginning of them.';

CREATE TABLE label (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    colour     text NOT NULL CHECK (colour IN ('grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX label_name ON label (lower(name));
COMMENT ON TABLE label IS 'subject=workspace; retention=deployment. A mark that contacts and conversations can carry.';

-- Labels stand in the row itself: the inbox shows them on every line, and the statement that writes a message returns
-- the line. Rows without any are in neither index.
ALTER TABLE conversation ADD COLUMN label_ids uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX conversation_labels ON conversation USING gin (label_ids) WHERE cardinality(label_ids) > 0;

ALTER TABLE contact
    ADD COLUMN label_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN merged_into uuid REFERENCES contact ON DELETE CASCADE CHECK (merged_into <> id),
    ADD COLUMN person_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(merged_into, id)) STORED,
    ADD COLUMN search_details text NOT NULL GENERATED ALWAYS AS (search_fold(
        coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' '
        || coalesce(regexp_replace(phone, '[^0-9]', '', 'g'), '') || ' '
        || coalesce(claims ->> 'name', '') || ' ' || coalesce(claims ->> 'email', '') || ' '
        || coalesce(claims ->> 'phone', ''))) STORED;
CREATE INDEX contact_labels ON contact USING gin (label_ids) WHERE cardinality(label_ids) > 0;
CREATE INDEX contact_person ON contact (person_id);
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_details_search ON contact USING gin (search_grams(search_details));
CREATE INDEX contact_by_name ON contact ((search_name = ''), search_name, number) WHERE merged_into IS NULL;
CREATE INDEX contact_newest ON contact (number DESC) WHERE merged_into IS NULL;
CREATE INDEX identity_channel ON identity (channel_id, contact_id);
COMMENT ON COLUMN contact.merged_into IS 'The contact that stands for this person; this one keeps its tokens and conversations (docs/decisions/merge.md).';
COMMENT ON COLUMN contact.person_id IS 'The same for all contacts of a person.';
COMMENT ON COLUMN contact.search_details IS 'Name, addresses and claims as words are compared.';

CREATE TABLE contact_merge (
    id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kept_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    gone_id uuid NOT NULL REFERENCES contact ON DELETE CASCADE,
    by_id   uuid REFERENCES agent (id) ON DELETE SET NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    before  jsonb NOT NULL
);
CREATE INDEX contact_merge_kept ON contact_merge (kept_id, at DESC);
CREATE INDEX contact_merge_gone ON contact_merge (gone_id);
CREATE INDEX contact_merge_agent ON contact_merge (by_id) WHERE by_id IS NOT NULL;
CREATE INDEX contact_merge_at ON contact_merge (at);
COMMENT ON TABLE contact_merge IS 'subject=contact; retention=undo. What undoing a merge needs to know. Swept after a day.';
COMMENT ON COLUMN contact_merge.before IS 'What the merge changed, as it was.';
