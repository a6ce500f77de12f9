"""The words of a transcript, per language."""

from __future__ import annotations

from alongside.domains.workspace.schemas import Locale

Words = dict[str, str]

WORDS: dict[Locale, Words] = {
    "en": {
        "title": "Conversation with {name}",
        "visitor": "Visitor {number}",
        "system": "Alongside",
        "automatic": "Automatic message",
        "former": "Former colleague",
        "made": "{channel} · exported {at}",
        "zone": "Times are those of {zone}.",
        "episode": "Conversation {number}",
        "note": "Note for the team",
        "file": "[File: {name}]",
        "edited": "[edited]",
        "deleted": "[deleted by its author]",
        "status": "{who} set the status to {status}",
        "unread": "Unread",
        "unresolved": "Unresolved",
        "done": "Done",
        "assigned": "{who} assigned this to {to}",
        "unassigned": "{who} removed the assignment",
        "identified": "The site vouched that this is {name}",
        "mailed": "The answers went to {to} by mail",
        "unmailed": "The answers could not be mailed to {to}",
        "rated": "Rated {stars} of 5",
        "inside": "With notes and other entries for the team alone. Do not send it to the customer.",
    },
    "de": {
        "title": "Gespräch mit {name}",
        "visitor": "Besucher {number}",
        "system": "Alongside",
        "automatic": "Automatische Nachricht",
        "former": "Ehemaliges Teammitglied",
        "made": "{channel} · exportiert am {at}",
        "zone": "Uhrzeiten in {zone}.",
        "episode": "Gespräch {number}",
        "note": "Notiz fürs Team",
        "file": "[Datei: {name}]",
        "edited": "[bearbeitet]",
        "deleted": "[von der Verfasserin oder dem Verfasser gelöscht]",
        "status": "{who} hat den Status auf „{status}“ gesetzt",
        "unread": "Ungelesen",
        "unresolved": "Ungelöst",
        "done": "Erledigt",
        "assigned": "{who} hat dies {to} zugewiesen",
        "unassigned": "{who} hat die Zuweisung aufgehoben",
        "identified": "Die Website hat bestätigt, dass dies {name} ist",
        "mailed": "Die Antworten gingen per E-Mail an {to}",
        "unmailed": "Die Antworten konnten nicht per E-Mail an {to} gesendet werden",
        "rated": "Bewertung: {stars} von 5",
        "inside": "Mit Notizen und anderen Einträgen nur fürs Team. Nicht an Kunden weitergeben.",
    },
}
