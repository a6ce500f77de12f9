import { safeStorage } from "@alongside/client/drafts";

const KEY = "alongside:muted";
const storage = safeStorage("localStorage");
let here = $state.raw(storage?.getItem(KEY) === "1");

// In another tab of the same site.
addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY) here = newValue === "1";
});

export const muted = () => here;

export function mute(on: boolean): void {
  here = on;
  try {
    storage?.setItem(KEY, on ? "1" : "0");
  } catch {
    // Without storage it lasts as long as the page.
  }
}
