import { mount } from "svelte";
import App from "./App.svelte";
import { Chat } from "./chat.svelte";
import { allowChime } from "./chime";
import css from "./panel.css?inline";
import { addStyles } from "./styles";

addStyles(css);
allowChime();
const chat = new Chat(new URLSearchParams(location.search).get("channel") ?? "");
mount(App, { target: document.body, props: { chat } });
