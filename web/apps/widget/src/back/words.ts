export interface Words {
  title: string;
  opening: string;
  opened: string;
  open: string;
  gone: string;
  unreachable: string;
  again: string;
  denied: string;
}

const WORDS: Record<string, Words> = {
  en: {
    title: "Your conversation",
    opening: "One moment …",
    opened: "It opens in the chat window.",
    open: "Open the chat",
    gone: "This link has expired. Write to us again in the chat on our site; we will find your conversation.",
    unreachable: "We cannot be reached at the moment.",
    again: "Try again",
    denied:
      "Your browser keeps nothing for this page, which the chat needs. Allow storage for this site, then open the link again.",
  },
  de: {
    title: "Ihre Unterhaltung",
    opening: "Einen Moment …",
    opened: "Sie öffnet sich im Chatfenster.",
    open: "Chat öffnen",
    gone: "Dieser Link ist abgelaufen. Schreiben Sie uns im Chat auf unserer Website; wir finden Ihre Unterhaltung.",
    unreachable: "Wir sind im Moment nicht erreichbar.",
    again: "Erneut versuchen",
    denied:
      "Ihr Browser speichert nichts für diese Seite, und das braucht der Chat. Erlauben Sie das Speichern und öffnen Sie den Link erneut.",
  },
};

/** The words in the first of the reader's languages that we have, and its tag. */
export function words(languages: readonly string[]): [tag: string, words: Words] {
  const tag = languages.map((one) => one.split("-")[0] ?? "").find((one) => one in WORDS) ?? "en";
  return [tag, WORDS[tag] as Words];
}
