import type { LanguageCondition } from "@alongside/contract";
import { locale } from "../../../i18n/index.svelte";
import { languagesPlace } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<LanguageCondition>({
  kind: "language",
  section: "visitor",
  rank: 36,
  fresh: () => ({ languages: [locale()] }),
  places: () => ({ languages: languagesPlace }),
  asks: () => [askText("language")],
});
