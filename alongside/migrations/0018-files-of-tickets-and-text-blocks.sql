-- depends: 0004-text-blocks 0006-tickets 0011-attachments

-- Files on tickets and their comments, and files that go along with a text block.

ALTER TABLE attachment
    ALTER COLUMN conversation_id DROP NOT NULL,
    ADD COLUMN ticket_number bigint REFERENCES ticket (number) ON DELETE CASCADE,
    ADD CONSTRAINT attachment_place CHECK (num_nonnulls(conversation_id, ticket_number) <= 1);
CREATE INDEX attachment_ticket ON attachment (ticket_number) WHERE ticket_number IS NOT NULL;
COMMENT ON TABLE attachment IS 'subject=contact; retention=conversation. A file in a conversation, or one on its way there; in a ticket it stays as long as the ticket, in a text block as long as that.';
COMMENT ON COLUMN attachment.ticket_number IS 'The ticket it is for. Without a conversation and a ticket it is for a text block.';

-- Which comment of a ticket carries an attachment: one at most.
CREATE TABLE ticket_attachment (
    attachment_id uuid PRIMARY KEY REFERENCES attachment ON DELETE CASCADE,
    ticket_number bigint NOT NULL,
    seq           bigint NOT NULL,
    FOREIGN KEY (ticket_number, seq) REFERENCES ticket_entry ON DELETE CASCADE
);
CREATE INDEX ticket_attachment_entry ON ticket_attachment (ticket_number, seq);
COMMENT ON TABLE ticket_attachment IS 'subject=workspace; retention=ticket. Gone with the person where the ticket concerned nobody else.';

ALTER TABLE ticket_entry
    DROP CONSTRAINT ticket_entry_kind_check,
    ADD CONSTRAINT ticket_entry_kind_check
        CHECK (kind IN ('created', 'comment', 'changed', 'linked', 'unlinked', 'files_removed'));

CREATE TABLE text_block_attachment (
    attachment_id uuid PRIMARY KEY REFERENCES attachment ON DELETE CASCADE,
    text_block_id uuid NOT NULL REFERENCES text_block ON DELETE CASCADE,
    place         smallint NOT NULL
);
CREATE INDEX text_block_attachment_block ON text_block_attachment (text_block_id, place);
COMMENT ON TABLE text_block_attachment IS 'subject=workspace; retention=deployment. Files that go along when a text block is inserted: a message gets copies, which share the bytes.';
