import { http } from "./api";

/** Ask the server for a file and give it to the browser to save. Throws HttpError for a refusal. */
export async function save(path: string): Promise<void> {
  const answer = await http.fetch("GET", path);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  // The browser has begun to save by the next turn; a second is long enough for the slowest.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
