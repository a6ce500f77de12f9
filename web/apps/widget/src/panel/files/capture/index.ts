import { mount } from "svelte";
import type { Shot } from "@alongside/client/capture";
import { addStyles } from "../../styles";
import type { FilesPart } from "../part.svelte";
import css from "./capture.css?inline";
import Ways from "./Ways.svelte";

addStyles(css);

let ways: { toggle(shots: readonly Shot[]): void } | undefined;

/** Above the field: what can be made here, or a file of the device. The button that asked closes it again. */
export function offer(part: FilesPart, picker: HTMLInputElement, shots: readonly Shot[]): void {
  const form = picker.form as HTMLFormElement;
  const props = { part, picker, button: picker.nextElementSibling as HTMLElement };
  ways ??= mount(Ways, { target: form.parentElement as HTMLElement, anchor: form, props });
  ways.toggle(shots);
}
