import type { BodyNode } from "@alongside/contract";
import { slugOf } from "./help";

/** What becomes of a link: another article is read in the panel, everything else in a new tab. */
export interface Links {
  open(slug: string): void;
  newTab: string;
}

/** Put a body in front of the reader, in `place` and instead of what was there. */
export function show(place: HTMLElement, nodes: readonly BodyNode[], links: Links): void {
  place.replaceChildren(draw(nodes, links));
}

/** A body as elements. The server chose them from a closed list and judged the addresses; nothing of it is read as HTML. */
function draw(nodes: readonly BodyNode[], links: Links): DocumentFragment {
  const drawn = document.createDocumentFragment();
  for (const node of nodes) drawn.append(node.tag === "text" ? (node.text ?? "") : element(node, links));
  return drawn;
}

function element(node: BodyNode, links: Links): HTMLElement {
  const made = document.createElement(node.tag);
  const inside = draw(node.children ?? [], links);
  if (made instanceof HTMLImageElement) {
    made.src = node.src ?? "";
    made.alt = node.text ?? "";
    made.loading = "lazy";
  } else if (made instanceof HTMLAnchorElement) {
    link(made, node.href ?? "", links);
    made.prepend(inside);
  } else if (made instanceof HTMLPreElement) {
    const code = document.createElement("code");
    code.append(inside);
    made.append(code);
  } else {
    if (made instanceof HTMLOListElement && node.start) made.start = node.start;
    made.append(inside);
  }
  return made;
}

function link(made: HTMLAnchorElement, href: string, { open, newTab }: Links): void {
  made.href = href;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  const slug = slugOf(href);
  if (slug) {
    made.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(slug);
    });
  } else {
    const note = document.createElement("span");
    note.className = "sr";
    note.textContent = ` (${newTab})`;
    made.append(note);
  }
}
