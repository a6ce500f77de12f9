import { mount } from "svelte";
import App from "./App.svelte";
import { Chat } from "./chat.svelte";
import { allowChime } from "./chime";
import css from "./panel.css?inline";

// A style sheet made by script needs no exception in the page's policy, and no request.
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];

allowChime();
const chat = new Chat(new URLSearchParams(location.search).get("channel") ?? "");
mount(App, { target: document.body, props: { chat } });
