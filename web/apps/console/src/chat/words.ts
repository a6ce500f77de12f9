/** The texts of this page alone: the console's catalogue is many times as long as the page itself. */
const english = {
  title: "Conversation with {name}",
  visitor: "Visitor {number}",
  as: "You answer as {name}",
  until: "until {time}",
  loading: "The conversation is loading …",
  older: "Show earlier messages",
  log: "Messages",
  you: "You",
  system: "Alongside",
  note: "Note, for the team alone",
  edited: "edited",
  deleted: "This message was deleted.",
  openPicture: "Open {name} in a new tab",
  download: "Download",
  "status.unread": "Unread",
  "status.unresolved": "Unresolved",
  "status.done": "Done",
  "line.unread": "{name} set the status to Unread",
  "line.unresolved": "{name} set the status to Unresolved",
  "line.done": "{name} set the status to Done",
  status: "Status",
  kind: "What you write",
  reply: "Reply",
  writeNote: "Note",
  toCustomer: "Your message to the customer",
  toTeam: "Your note for the team",
  send: "Send",
  keepNote: "Keep the note",
  hint: "Ctrl + Enter sends",
  tooLong: "{count} characters too many. Shorten the text or send it in parts.",
  readOnly: "{name} may read here, but not answer.",
  offline: "No connection. It is tried again; what you wrote stays here.",
  notSent: "It was not sent: {reason} Your text is still here.",
  unreachable: "The server cannot be reached.",
  "over.expired": "This link has expired",
  "over.revoked": "This link was revoked",
  "over.closed": "This conversation is closed to this link",
  "over.unknown": "This link leads nowhere",
  "overText.expired":
    "Links to a conversation hold for a limited time. Open it again in the system that you came from.",
  "overText.revoked":
    "Somebody ended it before its time. Open the conversation again in the system that you came from.",
  "overText.closed":
    "The agent as whom it answers may not see the conversation any more. Ask a colleague who works in Alongside.",
  "overText.unknown":
    "It was cut off when it was copied, or the conversation is gone. Open it again where you found it.",
} as const;

export type Word = keyof typeof english;

const german: Record<Word, string> = {
  title: "Unterhaltung mit {name}",
  visitor: "Besucher {number}",
  as: "Sie antworten als {name}",
  until: "bis {time}",
  loading: "Die Unterhaltung wird geladen …",
  older: "Frühere Nachrichten zeigen",
  log: "Nachrichten",
  you: "Sie",
  system: "Alongside",
  note: "Notiz, nur für das Team",
  edited: "bearbeitet",
  deleted: "Diese Nachricht wurde gelöscht.",
  openPicture: "{name} in einem neuen Tab öffnen",
  download: "Herunterladen",
  "status.unread": "Ungelesen",
  "status.unresolved": "Offen",
  "status.done": "Erledigt",
  "line.unread": "{name} hat den Status auf „Ungelesen“ gesetzt",
  "line.unresolved": "{name} hat den Status auf „Offen“ gesetzt",
  "line.done": "{name} hat den Status auf „Erledigt“ gesetzt",
  status: "Status",
  kind: "Was Sie schreiben",
  reply: "Antwort",
  writeNote: "Notiz",
  toCustomer: "Ihre Nachricht an den Kunden",
  toTeam: "Ihre Notiz für das Team",
  send: "Senden",
  keepNote: "Notiz speichern",
  hint: "Strg + Eingabe sendet",
  tooLong: "{count} Zeichen zu viel. Kürzen Sie den Text oder senden Sie ihn in Teilen.",
  readOnly: "{name} darf hier lesen, aber nicht antworten.",
  offline: "Keine Verbindung. Es wird weiter versucht; was Sie geschrieben haben, bleibt hier.",
  notSent: "Nicht gesendet: {reason} Ihr Text steht noch hier.",
  unreachable: "Der Server ist nicht zu erreichen.",
  "over.expired": "Dieser Link ist abgelaufen",
  "over.revoked": "Dieser Link wurde widerrufen",
  "over.closed": "Diese Unterhaltung ist für diesen Link geschlossen",
  "over.unknown": "Dieser Link führt nirgendwohin",
  "overText.expired":
    "Links zu einer Unterhaltung gelten nur für begrenzte Zeit. Öffnen Sie sie noch einmal in dem System, aus dem Sie kommen.",
  "overText.revoked":
    "Jemand hat ihn vorzeitig beendet. Öffnen Sie die Unterhaltung noch einmal in dem System, aus dem Sie kommen.",
  "overText.closed":
    "Wer über ihn antwortet, darf die Unterhaltung nicht mehr sehen. Fragen Sie jemanden, der in Alongside arbeitet.",
  "overText.unknown":
    "Er wurde beim Kopieren abgeschnitten, oder die Unterhaltung gibt es nicht mehr. Öffnen Sie ihn dort noch einmal, wo Sie ihn gefunden haben.",
};

/** English, or German where the browser would rather. */
export const tag = navigator.languages
  .find((each) => /^(en|de)\b/i.test(each))
  ?.toLowerCase()
  .startsWith("de")
  ? "de"
  : "en";

/** The text with `{names}` filled in. */
export function say(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = (tag === "de" ? german : english)[word];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
