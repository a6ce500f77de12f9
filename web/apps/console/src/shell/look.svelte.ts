import { preferred, speak } from "../i18n/index.svelte";

export type Theme = "system" | "light" | "dark";

interface Look {
  theme: Theme;
  /** null: as the browser says. */
  locale: string | null;
  /** Single letters as shortcuts; people who speak to their computer turn them off (WCAG 2.1.4). */
  letters: boolean;
  details: boolean;
  /** The bar of tools below the composer. */
  tools: boolean;
}

const KEY = "alongside.look"; // public/boot.js reads it too
const dark = matchMedia("(prefers-color-scheme: dark)");

/** How this browser shows the console; kept in this browser. */
export const look: Look = $state({
  theme: "system",
  locale: null,
  letters: true,
  details: true,
  tools: true,
  ...stored(),
});

function stored(): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>;
  } catch {
    return {};
  }
}

export function changeLook(change: Partial<Look>): void {
  Object.assign(look, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  paint();
}

export async function startLook(): Promise<void> {
  dark.addEventListener("change", paint);
  paint();
  await speak(look.locale ?? preferred());
}

function paint(): void {
  const wantsDark = look.theme === "dark" || (look.theme === "system" && dark.matches);
  document.documentElement.dataset["theme"] = wantsDark ? "dark" : "light";
}
