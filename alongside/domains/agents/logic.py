"""Rules about addresses and names. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from alongside.kit.text import clean_line, clean_text, is_email
from alongside.platform.errors import Invalid

NAME_CHARS = 80
EMAIL_CHARS = 254
TAGS = 50
TAG_CHARS = 40
DESCRIPTION_CHARS = 500


def normal_email(text: str) -> str:
    """An address as it is stored and compared: lower case, no surrounding white space. Raises `Invalid`."""
    email = text.strip().lower()
    if len(email) > EMAIL_CHARS or not is_email(email):
        raise Invalid("email-malformed", "This is not an e-mail address. It should look like name@example.com.")
    return email


def account_name(text: str) -> str:
    """What a sign-in is counted under: whatever was typed, in the form in which addresses are stored."""
    return clean_line(text, EMAIL_CHARS).lower()


def display_name(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not name:
        raise Invalid("display-name-empty", "Enter the name that visitors and colleagues will see.")
    if len(name) > NAME_CHARS:
        raise Invalid("display-name-too-long", f"A name can have at most {NAME_CHARS} characters.")
    return name


def team_name(text: str) -> str:
    """A team's name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("team-name-malformed", f"A team's name has 1 to {NAME_CHARS} characters.")
    return name


def role_name(text: str) -> str:
    """A role's name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("role-name-malformed", f"A role's name has 1 to {NAME_CHARS} characters.")
    return name


def passkey_name(text: str) -> str:
    """What a passkey is called, on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("passkey-name-malformed", f"Give the passkey a name of 1 to {NAME_CHARS} characters.")
    return name


def description(text: str) -> str:
    """What an agent is there for. Raises `Invalid` where it is too long."""
    cleaned = clean_text(text)
    if len(cleaned) > DESCRIPTION_CHARS:
        raise Invalid("description-too-long", f"A description has at most {DESCRIPTION_CHARS} characters.")
    return cleaned


def tags(texts: Iterable[str]) -> list[str]:
    """Tags without doubles and empties, in the order given."""
    cleaned = (clean_line(text, TAG_CHARS) for text in texts)
    return list(dict.fromkeys(tag for tag in cleaned if tag))[:TAGS]
