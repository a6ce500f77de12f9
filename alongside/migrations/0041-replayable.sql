-- depends: 0040-open-of-agents

-- All agents as they were are most of a decision's weight: with fifty some kilobytes, for each conversation. They are kept
-- as long as a decision can be run again; the decision and its reasons stay as long as the conversation.
DROP INDEX routing_decision_at;
ALTER TABLE routing_decision ALTER COLUMN agents DROP NOT NULL;
COMMENT ON COLUMN routing_decision.agents IS 'The agents as they were, for a replay. NULL once that is too long ago.';
CREATE INDEX routing_decision_replayable ON routing_decision (at) WHERE agents IS NOT NULL;
