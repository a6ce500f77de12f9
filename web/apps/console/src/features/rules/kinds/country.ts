import type { CountryCondition } from "@alongside/contract";
import { region } from "../../../i18n/index.svelte";
import { countriesPlace } from "../places";
import { askText } from "../questions";
import { words } from "../kind";

export default words<CountryCondition>({
  kind: "country",
  section: "visitor",
  rank: 34,
  fresh: () => ({ countries: [new Intl.Locale(region()).maximize().region ?? "DE"] }),
  places: () => ({ countries: countriesPlace }),
  asks: () => [askText("country")],
});
