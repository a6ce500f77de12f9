"""What happens to agents. Agents may see all of it; of presence visitors see only who is available."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class AgentPresenceChanged(Fact, frozen=True, kw_only=True):
    """An agent came, went, or pressed Go online or offline. Announced once per change over all processes."""

    agent_id: UUID
    online: bool
    logged_in: bool


class SessionRevoked(Fact, frozen=True, kw_only=True):
    """A session no longer holds; its sockets must close."""

    session_id: UUID
    agent_id: UUID


class AgentStandingChanged(Fact, frozen=True, kw_only=True):
    """An agent has another role or other teams: what their sockets may do and hear must be asked anew."""

    agent_id: UUID


class DirectoryChanged(Fact, frozen=True, kw_only=True):
    """Agents, teams or roles changed: read them again."""


# ---- deeds, for the audit log


class SignedIn(Deed, frozen=True, kw_only=True):
    """An agent began a session."""

    deed: ClassVar[str] = "LOGGED_IN"


class SignInFailed(Deed, frozen=True, kw_only=True):
    """Somebody did not know the password or had no right code; `agent_id` is None where no account has the address."""

    deed: ClassVar[str] = "LOGIN_FAILED"

    agent_id: UUID | None
    agent: str | None


class SignedOut(Deed, frozen=True, kw_only=True):
    """An agent ended their session."""

    deed: ClassVar[str] = "LOGGED_OUT"


class WentOnline(Deed, frozen=True, kw_only=True):
    """An agent pressed Go online."""

    deed: ClassVar[str] = "ONLINE_STATUS_ONLINE"


class WentOffline(Deed, frozen=True, kw_only=True):
    """An agent pressed Go offline."""

    deed: ClassVar[str] = "ONLINE_STATUS_OFFLINE"


class SessionsEnded(Deed, frozen=True, kw_only=True):
    """An agent signed other browsers of theirs out."""

    deed: ClassVar[str] = "SESSIONS_ENDED"

    sessions: int


class PasswordChanged(Deed, frozen=True, kw_only=True):
    """An agent chose another password."""

    deed: ClassVar[str] = "PASSWORD_CHANGE"


class PasswordReset(Deed, frozen=True, kw_only=True):
    """An agent was given another password at the command line."""

    deed: ClassVar[str] = "PASSWORD_RESET"

    agent_id: UUID
    agent: str


class PasswordResetByMail(Deed, frozen=True, kw_only=True):
    """Whoever opened the link in an agent's mail chose another password."""

    deed: ClassVar[str] = "PASSWORD_RESET_BY_MAIL"


class AgentCreated(Deed, frozen=True, kw_only=True):
    """An agent was made, or became one by an invitation."""

    deed: ClassVar[str] = "USER_CREATED"

    agent_id: UUID
    agent: str
    role: str


class AgentInvited(Deed, frozen=True, kw_only=True):
    """A link was made that lets one person become an agent."""

    deed: ClassVar[str] = "USER_INVITED"

    email: str
    role: str


class InvitationWithdrawn(Deed, frozen=True, kw_only=True):
    """An invitation's link stopped working."""

    deed: ClassVar[str] = "INVITATION_WITHDRAWN"

    email: str


class AgentsImported(Deed, frozen=True, kw_only=True):
    """A file of people was imported: each was invited."""

    deed: ClassVar[str] = "USERS_IMPORTED"

    invitations: int


class AgentEdited(Deed, frozen=True, kw_only=True):
    """A manager changed these fields of an agent."""

    deed: ClassVar[str] = "USER_CHANGE"

    agent_id: UUID
    agent: str
    fields: list[str]


class RoleGiven(Deed, frozen=True, kw_only=True):
    """An agent has another role."""

    deed: ClassVar[str] = "ROLE_CHANGE"

    agent_id: UUID
    agent: str
    role: str
    was_role: str


class AgentDeactivated(Deed, frozen=True, kw_only=True):
    """An agent is let in no more."""

    deed: ClassVar[str] = "USER_DEACTIVATED"

    agent_id: UUID
    agent: str


class AgentReactivated(Deed, frozen=True, kw_only=True):
    """An agent may sign in again."""

    deed: ClassVar[str] = "USER_REACTIVATED"

    agent_id: UUID
    agent: str


class RoleCreated(Deed, frozen=True, kw_only=True):
    """A role was made."""

    deed: ClassVar[str] = "ROLE_CREATED"

    role_id: UUID
    role: str
    permissions: list[str]
    sees: str


class RoleEdited(Deed, frozen=True, kw_only=True):
    """A role may do or see something else, or has another name."""

    deed: ClassVar[str] = "PERMISSION_CHANGE"

    role_id: UUID
    role: str
    was_role: str
    permissions: list[str]
    was_permissions: list[str]
    sees: str
    was_sees: str


class RoleDeleted(Deed, frozen=True, kw_only=True):
    """A role that nobody had is gone."""

    deed: ClassVar[str] = "ROLE_DELETED"

    role: str


class TeamCreated(Deed, frozen=True, kw_only=True):
    """A team was made."""

    deed: ClassVar[str] = "TEAM_CREATED"

    team_id: UUID
    team: str
    agents: list[str]


class TeamEdited(Deed, frozen=True, kw_only=True):
    """A team has another name, other tags or other members."""

    deed: ClassVar[str] = "TEAM_CHANGE"

    team_id: UUID
    team: str
    fields: list[str]
    joined: list[str]
    left: list[str]


class TeamDeleted(Deed, frozen=True, kw_only=True):
    """A team was dissolved."""

    deed: ClassVar[str] = "TEAM_DELETED"

    team: str


class SecondFactorSetUp(Deed, frozen=True, kw_only=True):
    """An agent is asked for codes from now on."""

    deed: ClassVar[str] = "SECOND_FACTOR_ON"


class SecondFactorTurnedOff(Deed, frozen=True, kw_only=True):
    """An agent is asked for no codes any more."""

    deed: ClassVar[str] = "SECOND_FACTOR_OFF"


class RecoveryCodesRenewed(Deed, frozen=True, kw_only=True):
    """An agent made other recovery codes."""

    deed: ClassVar[str] = "RECOVERY_CODES_RENEWED"


class RecoveryCodeUsed(Deed, frozen=True, kw_only=True):
    """An agent signed in, or proved themselves, with a recovery code instead of the app."""

    deed: ClassVar[str] = "RECOVERY_CODE_USED"


class SecondFactorReset(Deed, frozen=True, kw_only=True):
    """A manager, or the operator, took away an agent's second factor and link to the company's own sign-in."""

    deed: ClassVar[str] = "SECOND_FACTOR_RESET"

    agent_id: UUID
    agent: str


class ProviderLinked(Deed, frozen=True, kw_only=True):
    """An agent signed in with an account of the company for the first time."""

    deed: ClassVar[str] = "PROVIDER_LINKED"


class PasskeyAdded(Deed, frozen=True, kw_only=True):
    """An agent can sign in with another passkey."""

    deed: ClassVar[str] = "PASSKEY_ADDED"

    passkey: str


class PasskeyRemoved(Deed, frozen=True, kw_only=True):
    """A passkey of an agent's opens nothing any more."""

    deed: ClassVar[str] = "PASSKEY_REMOVED"

    passkey: str


class PasskeyCopied(Deed, frozen=True, kw_only=True):
    """A passkey was refused, because its counter shows that there is a copy of it."""

    deed: ClassVar[str] = "PASSKEY_COPIED"

    agent_id: UUID
    agent: str
    passkey: str
