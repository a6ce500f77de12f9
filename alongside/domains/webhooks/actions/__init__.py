"""What can be done to webhooks, and how facts come to them, in one list."""

from alongside.domains.webhooks.actions.sending import Attempt as Attempt
from alongside.domains.webhooks.actions.sending import Outcome as Outcome
from alongside.domains.webhooks.actions.sending import claim as claim
from alongside.domains.webhooks.actions.sending import finish as finish
from alongside.domains.webhooks.actions.sending import put_in_line as put_in_line
from alongside.domains.webhooks.actions.sending import sweep as sweep
from alongside.domains.webhooks.actions.webhooks import create_webhook as create_webhook
from alongside.domains.webhooks.actions.webhooks import delete_webhook as delete_webhook
from alongside.domains.webhooks.actions.webhooks import edit_webhook as edit_webhook
from alongside.domains.webhooks.actions.webhooks import redeliver as redeliver
from alongside.domains.webhooks.actions.webhooks import renew_secret as renew_secret
from alongside.domains.webhooks.actions.webhooks import replay as replay
from alongside.domains.webhooks.actions.webhooks import send_test as send_test
