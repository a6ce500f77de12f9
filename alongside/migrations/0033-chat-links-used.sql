-- depends: 0028-chat-links

-- When somebody last came by a link, and the list of all links, the newest first.
ALTER TABLE chat_link ADD COLUMN last_used_at timestamptz;
CREATE INDEX chat_link_newest ON chat_link (created_at DESC, id DESC) WHERE revoked_at IS NULL;
COMMENT ON COLUMN chat_link.last_used_at IS 'Written at most once a minute.';
