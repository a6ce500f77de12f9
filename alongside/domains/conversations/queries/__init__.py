"""Everything that is asked of conversations and their logs, in one list."""

from alongside.domains.conversations.queries.listing import COUNT_LIMIT as COUNT_LIMIT
from alongside.domains.conversations.queries.listing import InboxQuestion as InboxQuestion
from alongside.domains.conversations.queries.listing import changed as changed
from alongside.domains.conversations.queries.listing import counts as counts
from alongside.domains.conversations.queries.listing import inbox as inbox
from alongside.domains.conversations.queries.log import END as END
from alongside.domains.conversations.queries.log import RESUME_ENTRIES as RESUME_ENTRIES
from alongside.domains.conversations.queries.log import SNAPSHOT_ENTRIES as SNAPSHOT_ENTRIES
from alongside.domains.conversations.queries.log import EpisodeRating as EpisodeRating
from alongside.domains.conversations.queries.log import Head as Head
from alongside.domains.conversations.queries.log import conversation as conversation
from alongside.domains.conversations.queries.log import conversation_of_visitor as conversation_of_visitor
from alongside.domains.conversations.queries.log import conversations_of as conversations_of
from alongside.domains.conversations.queries.log import conversations_of_visitors as conversations_of_visitors
from alongside.domains.conversations.queries.log import entries_after as entries_after
from alongside.domains.conversations.queries.log import entries_before as entries_before
from alongside.domains.conversations.queries.log import entry_by_client_id as entry_by_client_id
from alongside.domains.conversations.queries.log import epoch as epoch
from alongside.domains.conversations.queries.log import heads as heads
from alongside.domains.conversations.queries.log import in_sight as in_sight
from alongside.domains.conversations.queries.log import labels_carried as labels_carried
from alongside.domains.conversations.queries.log import owner as owner
from alongside.domains.conversations.queries.log import rating as rating
from alongside.domains.conversations.queries.log import seen as seen
from alongside.domains.conversations.queries.log import snapshot as snapshot
