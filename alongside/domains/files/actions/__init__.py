"""The verbs in one list: profile pictures, uploads from the first byte to the attachment, and what is swept away."""

from alongside.domains.files.actions.copying import copy_attachments as copy_attachments
from alongside.domains.files.actions.portraits import store_picture as store_picture
from alongside.domains.files.actions.portraits import store_portrait as store_portrait
from alongside.domains.files.actions.portraits import sweep_orphans as sweep_orphans
from alongside.domains.files.actions.sweeping import delete_doomed as delete_doomed
from alongside.domains.files.actions.sweeping import sweep_uploads as sweep_uploads
from alongside.domains.files.actions.uploads import begin_upload as begin_upload
from alongside.domains.files.actions.uploads import cancel_upload as cancel_upload
from alongside.domains.files.actions.uploads import read_upload as read_upload
from alongside.domains.files.actions.uploads import receive as receive
