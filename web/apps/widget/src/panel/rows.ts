import type { Person, PublicMessage } from "@alongside/contract";

/** A message with its place in the thread. */
export interface Row {
  message: PublicMessage;
  /** The first of its day: a separator goes before it. */
  newDay: boolean;
  /** The first of one author's run: a name and a picture go with it. */
  first: boolean;
  /** The last of the run: the time goes with it. */
  last: boolean;
}

const RUN_MS = 5 * 60_000;

/** Messages in order, grouped by day and by runs of one author within five minutes. */
export function rows(messages: readonly PublicMessage[]): Row[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    return {
      message,
      newDay: !before || !sameDay(before, message),
      first: !before || !sameRun(before, message),
      last: !after || !sameRun(message, after),
    };
  });
}

function sameRun(a: PublicMessage, b: PublicMessage): boolean {
  const close = Math.abs(Date.parse(b.at) - Date.parse(a.at)) < RUN_MS;
  const alike = a.mine === b.mine && a.automatic === b.automatic;
  return close && alike && samePerson(a.person, b.person) && sameDay(a, b);
}

function samePerson(a: Person | null, b: Person | null): boolean {
  return a?.display_name === b?.display_name && a?.picture_url === b?.picture_url;
}

function sameDay(a: PublicMessage, b: PublicMessage): boolean {
  return new Date(a.at).toDateString() === new Date(b.at).toDateString();
}

/** How many messages of the team the visitor has not read. What nobody wrote calls nobody. */
export function unread(messages: readonly PublicMessage[], seen: number): number {
  return messages.filter((message) => !message.mine && !message.automatic && message.seq > seen).length;
}
