import "@alongside/ui/tokens.css";
import "@alongside/ui/base.css";
import { mount } from "svelte";
import Chat from "./Chat.svelte";
import { tag } from "./words";

// As the system says: the page is a guest in another system's window and has no settings of its own.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => (document.documentElement.dataset["theme"] = dark.matches ? "dark" : "light");
dark.addEventListener("change", paint);
paint();
document.documentElement.lang = tag;

const target = document.getElementById("app");
if (target) mount(Chat, { target });
