-- depends: 0002-contacts-and-conversations

-- Who was erased: an id that names nobody any more, so that a backup of earlier days does not bring them back.
CREATE TABLE erasure (
    contact_id uuid PRIMARY KEY,
    erased_at  timestamptz NOT NULL DEFAULT now(),
    erased_by  uuid REFERENCES agent (id) ON DELETE SET NULL
);
CREATE INDEX erasure_agent ON erasure (erased_by) WHERE erased_by IS NOT NULL;
COMMENT ON TABLE erasure IS 'subject=none; retention=deployment. Ids of contacts that were erased; applied again after a restore.';
COMMENT ON COLUMN erasure.erased_by IS 'subject=agent; retention=account. Null for a contact who was merged into an erased one.';
