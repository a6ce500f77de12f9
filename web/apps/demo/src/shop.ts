// What a shop does with the widget: hand on its signed-in customer, and forget them at sign-out.

interface AlongsideApi {
  identify(identity: { token: string }): void;
  reset(): void;
  open(): void;
  event(name: string): void;
}

type Stub = AlongsideApi & { q?: IArguments[] };

/** The stub of the embed snippet: calls made before the widget is there wait in its queue. */
function alongside(): AlongsideApi {
  const page = window as unknown as { Alongside?: Stub };
  if (!page.Alongside) {
    const queue: unknown[][] = [];
    const call =
      (name: string) =>
      (...rest: unknown[]): void =>
        void queue.push([name, ...rest]);
    const stub = {
      q: queue,
      identify: call("identify"),
      reset: call("reset"),
      open: call("open"),
      event: call("event"),
    };
    page.Alongside = stub as unknown as Stub;
  }
  return page.Alongside;
}

const NAME = "fernwood:customer";
const find = <Kind extends HTMLElement>(selector: string) => document.querySelector<Kind>(selector);

const signIn = find<HTMLFormElement>("[data-sign-in]");
const signedIn = find("[data-signed-in]");
const signedInAs = find("[data-signed-in-as]");
const problem = find("[data-problem]");

function show(name: string | null): void {
  if (signIn) signIn.hidden = name !== null;
  if (signedIn) signedIn.hidden = name === null;
  if (signedInAs) signedInAs.textContent = name;
}

/** A real shop's page would carry the token for its own signed-in customer; see docs/embed.md. */
async function identify(name: string): Promise<void> {
  const answer = await fetch(`/demo/identity?name=${encodeURIComponent(name)}`);
  if (!answer.ok)
    throw new Error(
      (await answer.json().catch(() => null))?.message ?? `The shop answered ${answer.status}.`,
    );
  const { token } = (await answer.json()) as { token: string };
  alongside().identify({ token });
}

async function become(name: string): Promise<void> {
  try {
    await identify(name);
    localStorage.setItem(NAME, name);
    show(name);
    if (problem) problem.textContent = "";
  } catch (error) {
    if (problem) problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

signIn?.addEventListener("submit", (event) => {
  event.preventDefault();
  void become(String(new FormData(signIn).get("name")));
});

find("[data-sign-out]")?.addEventListener("click", () => {
  localStorage.removeItem(NAME);
  alongside().reset();
  show(null);
});

find("[data-ask]")?.addEventListener("click", () => alongside().open());

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-add]")) {
  button.addEventListener("click", () => {
    button.textContent = button.dataset["added"] ?? "";
    button.setAttribute("aria-disabled", "true");
    alongside().event("basket-filled"); // what action rules may wait for
  });
}

const known = localStorage.getItem(NAME);
show(known);
if (known) void become(known);
