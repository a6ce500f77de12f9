const COPIED = [
  "boxSizing",
  "borderWidth",
  "direction",
  "fontFamily",
  "fontSize",
  "fontStyle",
  "fontWeight",
  "letterSpacing",
  "lineHeight",
  "padding",
  "tabSize",
  "textIndent",
  "textTransform",
  "wordSpacing",
] as const;

/** Where a character of a text field stands on the screen. The browser does not tell, so its text is laid out again. */
export function placeOf(area: HTMLTextAreaElement, index: number): DOMRect {
  const style = getComputedStyle(area);
  const mirror = document.createElement("div");
  for (const name of COPIED) mirror.style[name] = style[name];
  Object.assign(mirror.style, {
    position: "fixed",
    visibility: "hidden",
    inlineSize: `${area.clientWidth}px`,
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
  });
  const mark = document.createElement("span");
  mark.textContent = area.value.slice(index) || ".";
  mirror.append(area.value.slice(0, index), mark);
  document.body.append(mirror);
  const inside = mark.getClientRects()[0] ?? mark.getBoundingClientRect();
  const frame = mirror.getBoundingClientRect();
  const field = area.getBoundingClientRect();
  const at = new DOMRect(
    field.left + inside.left - frame.left,
    field.top + inside.top - frame.top - area.scrollTop,
    0,
    parseFloat(style.lineHeight) || inside.height,
  );
  mirror.remove();
  return at;
}
