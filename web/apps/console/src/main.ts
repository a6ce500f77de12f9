import "@alongside/ui/tokens.css";
import "@alongside/ui/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { startSession } from "./features/session/session.svelte";
import { link } from "./live/client.svelte";
import { startLook } from "./shell/look.svelte";
import { startRouter } from "./shell/router.svelte";
import { startShortcuts } from "./shell/shortcuts.svelte";

// A part of the page that is no longer there: the server was upgraded under this tab.
addEventListener("vite:preloadError", () => (link.outdated = true));

startRouter();
startShortcuts();
void startSession();
await startLook();

const target = document.getElementById("app");
if (target) mount(App, { target });
