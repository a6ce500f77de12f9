-- depends: 0002-contacts-and-conversations

-- Files in messages: how they arrive, where their bytes lie, and which entry of which log carries them.

-- A row begins as an upload; it becomes an attachment when all bytes are there and its content has been judged, which
-- sets `kind` and `media_type`. `received` counts the bytes that are stored, in order, from the first.
CREATE TABLE attachment (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    uploader_kind text NOT NULL CHECK (uploader_kind IN ('visitor', 'agent')),
    uploader_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    bytes bigint NOT NULL CHECK (bytes > 0),
    received bigint NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND bytes),
    kind text CHECK (kind IN ('image', 'video', 'audio', 'file')),
    media_type text,
    width integer,
    height integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    touched_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind IS NULL) = (media_type IS NULL)),
    CHECK (kind IS NULL OR received = bytes)
);
CREATE INDEX attachment_conversation ON attachment (conversation_id);
CREATE INDEX attachment_uploader ON attachment (uploader_id, created_at);
COMMENT ON TABLE attachment IS 'subject=contact; retention=conversation. A file in a conversation, or one on its way there.';
COMMENT ON COLUMN attachment.uploader_id IS 'A contact or an agent; nobody else may go on with the upload or send it.';
COMMENT ON COLUMN attachment.name IS 'What people see; made harmless, and never part of a storage key.';
COMMENT ON COLUMN attachment.media_type IS 'Told by the content, not by the uploader.';
COMMENT ON COLUMN attachment.touched_at IS 'When bytes last came; what is never sent is swept a day later.';

-- The bytes lie in pieces of a few megabytes, as they came: nothing is copied when the last has arrived.
CREATE TABLE attachment_part (
    attachment_id uuid NOT NULL REFERENCES attachment ON DELETE CASCADE,
    variant text NOT NULL CHECK (variant IN ('content', 'thumbnail')),
    start bigint NOT NULL,
    bytes integer NOT NULL CHECK (bytes > 0),
    storage_key text NOT NULL,
    PRIMARY KEY (attachment_id, variant, start)
);
CREATE INDEX attachment_part_key ON attachment_part (storage_key);
COMMENT ON TABLE attachment_part IS 'subject=contact; retention=conversation. Where the bytes of an attachment lie in the object store.';
COMMENT ON COLUMN attachment_part.storage_key IS 'Random; copies of an attachment share their bytes.';

-- Which entry carries an attachment: one at most, which the primary key holds against all races.
CREATE TABLE entry_attachment (
    attachment_id uuid PRIMARY KEY REFERENCES attachment ON DELETE CASCADE,
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL,
    FOREIGN KEY (conversation_id, seq) REFERENCES entry ON DELETE CASCADE
);
CREATE INDEX entry_attachment_entry ON entry_attachment (conversation_id, seq);
COMMENT ON TABLE entry_attachment IS 'subject=contact; retention=conversation';

-- Bytes that no row names, or not yet: a key is doomed before its bytes are written, and spared by the row that names
-- it. However a row goes, by hand or in a cascade, its bytes follow, once no copy names them any more.
CREATE TABLE doomed_file (
    storage_key text PRIMARY KEY,
    due_at timestamptz NOT NULL
);
CREATE INDEX doomed_file_due ON doomed_file (due_at);
COMMENT ON TABLE doomed_file IS 'subject=none; retention=window. Bytes in the object store that are to be deleted.';

CREATE FUNCTION doom_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO doomed_file (storage_key, due_at) SELECT storage_key, now() FROM gone
    ON CONFLICT (storage_key) DO UPDATE SET due_at = excluded.due_at;
    RETURN NULL;
END $$;
CREATE TRIGGER attachment_part_gone AFTER DELETE ON attachment_part
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION doom_bytes();

ALTER TABLE conversation ADD COLUMN preview_attachment text
    CHECK (preview_attachment IN ('image', 'video', 'audio', 'file'));
COMMENT ON COLUMN conversation.preview_attachment IS 'The kind of the first file of the last message; null without one.';

ALTER TABLE workspace ADD COLUMN link_key text NOT NULL DEFAULT gen_random_uuid()::text || gen_random_uuid()::text;
COMMENT ON COLUMN workspace.link_key IS 'Signs the short-lived addresses under which visitors see files; leaves the server never.';
