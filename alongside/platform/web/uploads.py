"""Files that come in a form."""

from __future__ import annotations

from litestar.datastructures import UploadFile

from alongside.platform.errors import Invalid


async def read(upload: object, most: int) -> bytes:
    """At most so many bytes of the form's file. A form without one reaches the route as something else, or nothing."""
    if not isinstance(upload, UploadFile):
        raise Invalid("file-missing", "Send the file in the field `file` of a form (multipart/form-data).")
    return await upload.read(most)
