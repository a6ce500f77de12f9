"""The verbs in one list: writing messages and notes, changing them afterwards, and what Alongside itself tells."""

from alongside.domains.messages.actions.changing import Edit as Edit
from alongside.domains.messages.actions.changing import delete as delete
from alongside.domains.messages.actions.changing import edit as edit
from alongside.domains.messages.actions.posting import MOST_ATTACHMENTS as MOST_ATTACHMENTS
from alongside.domains.messages.actions.posting import Draft as Draft
from alongside.domains.messages.actions.posting import Kind as Kind
from alongside.domains.messages.actions.posting import accept_text as accept_text
from alongside.domains.messages.actions.posting import carry_over as carry_over
from alongside.domains.messages.actions.posting import post as post
from alongside.domains.messages.actions.posting import post_articles as post_articles
from alongside.domains.messages.actions.telling import tell as tell
from alongside.domains.messages.actions.telling import tell_within as tell_within
