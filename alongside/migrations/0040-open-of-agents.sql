-- depends: 0039-watchdogs

-- How many open conversations each agent has is asked with each decision of routing and by each page with rules on the
-- agents. However many wait for nobody in particular, only what somebody has is read.
CREATE INDEX conversation_open_of_agent ON conversation (assignee_id)
    WHERE assignee_id IS NOT NULL AND status IN ('unread', 'unresolved') AND last_seq > 0;
