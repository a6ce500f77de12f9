import type { LanguageCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** One of these languages: "de" is every German, "de-at" that of Austria. */
export default {
  places: BOTH,
  holds: ({ languages }, { language }) =>
    known(language || null, (tag) =>
      languages.some((each) => `${tag}-`.toLowerCase().startsWith(`${each}-`.toLowerCase())),
    ),
} satisfies Judge<LanguageCondition>;
