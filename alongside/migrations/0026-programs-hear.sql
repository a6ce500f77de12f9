-- depends: 0024-programs-ask

-- Webhooks tell of customers and tickets too. As with entries of the log, that something is to be told is noted in the
-- transaction of the fact, by a trigger, and only where somebody listens.

ALTER TABLE webhook_fact
    DROP CONSTRAINT webhook_fact_check,
    DROP CONSTRAINT webhook_fact_check1,
    ADD COLUMN contact_id uuid REFERENCES contact (id) ON DELETE CASCADE,
    ADD COLUMN change text CHECK (change IN ('changed', 'labelled', 'merged')),
    ADD COLUMN other_id uuid,
    ADD COLUMN ticket_number bigint REFERENCES ticket (number) ON DELETE CASCADE,
    ADD COLUMN at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT webhook_fact_of_one
        CHECK (num_nonnulls(conversation_id, erased_contact_id, contact_id, ticket_number) = 1),
    ADD CONSTRAINT webhook_fact_numbered
        CHECK ((seq IS NOT NULL) = (conversation_id IS NOT NULL OR ticket_number IS NOT NULL)),
    ADD CONSTRAINT webhook_fact_of_contact CHECK ((change IS NOT NULL) = (contact_id IS NOT NULL));
CREATE INDEX webhook_fact_contact ON webhook_fact (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX webhook_fact_ticket ON webhook_fact (ticket_number) WHERE ticket_number IS NOT NULL;
COMMENT ON COLUMN webhook_fact.change IS 'What happened to the contact.';
COMMENT ON COLUMN webhook_fact.other_id IS 'The label that was put on, or the contact that stands for both.';

-- What was told of a customer goes with them.
ALTER TABLE webhook_delivery ADD COLUMN contact_id uuid REFERENCES contact (id) ON DELETE CASCADE;
CREATE INDEX webhook_delivery_contact ON webhook_delivery (contact_id) WHERE contact_id IS NOT NULL;

-- Of a person, what happens to the contact that stands for them; once a transaction, however much it changes.
CREATE FUNCTION webhook_note_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM webhook WHERE active) THEN
        RETURN NULL;
    END IF;
    IF NEW.merged_into IS NOT NULL THEN
        IF OLD.merged_into IS DISTINCT FROM NEW.merged_into THEN
            INSERT INTO webhook_fact (contact_id, change, other_id) VALUES (NEW.id, 'merged', NEW.merged_into);
        END IF;
        RETURN NULL;
    END IF;
    IF OLD.changed_in <> NEW.changed_in THEN
        INSERT INTO webhook_fact (contact_id, change) VALUES (NEW.id, 'changed');
    END IF;
    INSERT INTO webhook_fact (contact_id, change, other_id)
    SELECT NEW.id, 'labelled', label_id FROM unnest(NEW.label_ids) AS label_id WHERE label_id <> ALL (OLD.label_ids);
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_note_contacts AFTER UPDATE ON contact
    FOR EACH ROW WHEN (OLD.changed_in <> NEW.changed_in OR OLD.label_ids <> NEW.label_ids)
    EXECUTE FUNCTION webhook_note_contacts();

CREATE FUNCTION webhook_note_ticket_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webhook_fact (ticket_number, seq)
    SELECT ticket_number, seq FROM added WHERE EXISTS (SELECT FROM webhook WHERE active);
    RETURN NULL;
END
$$;
CREATE TRIGGER webhook_note_ticket_entries AFTER INSERT ON ticket_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION webhook_note_ticket_entries();
