import type { NewExport, ReportExport } from "@alongside/contract";
import { toast } from "@alongside/ui";
import { t } from "../../i18n/index.svelte";
import { call } from "../../live/api";
import { client } from "../../live/client.svelte";
import { go, place } from "../../shell/router.svelte";

/** The files that this agent asked for, in all their tabs. */
export const files: { list: ReportExport[]; loaded: boolean; failed: unknown } = $state({
  list: [],
  loaded: false,
  failed: null,
});

const asked = new Set<string>();
/** What was heard of files while a list is being read: the list may be older. */
const heardMeanwhile = new Map<string, ReportExport>();
let reading = 0;

/** Hear of files wherever in the console one is: whoever asked for one is told when it can be fetched. */
export function startExports(): void {
  const live = client();
  live.on("reportExport", ({ file }) => heard(file));
  live.on("connection", ({ state }) => state === "live" && files.loaded && void readFiles());
}

export async function readFiles(): Promise<void> {
  reading += 1;
  try {
    files.list = await call<ReportExport[]>("GET", "/reports/exports");
    heardMeanwhile.forEach(put);
    files.failed = null;
    files.loaded = true;
  } catch (error) {
    files.failed = error;
  }
  reading -= 1;
  if (reading === 0) heardMeanwhile.clear();
}

export async function askFor(wanted: NewExport): Promise<void> {
  const file = await call<ReportExport>("POST", "/reports/exports", wanted);
  asked.add(file.id);
  // It may be ready before the answer to the request is here.
  const known = files.list.find((one) => one.id === file.id);
  heard(known ?? file);
}

export async function cancelFile(id: string): Promise<void> {
  await call("DELETE", `/reports/exports/${id}`);
}

/** Where a file is fetched: by a link, so that it goes to the disk as it comes. */
export function addressOf(file: ReportExport): string {
  return `/api/v1/reports/exports/${file.id}/file`;
}

function put(file: ReportExport): void {
  const at = files.list.findIndex((one) => one.id === file.id);
  if (at >= 0) files.list[at] = file;
  else files.list.unshift(file);
}

function heard(file: ReportExport): void {
  put(file);
  if (reading > 0) heardMeanwhile.set(file.id, file);
  const done = file.state === "ready" || file.state === "failed";
  if (!done || !asked.delete(file.id)) return;
  const looking = place().page === "reports" && place().first === "files";
  const action = looking ? undefined : { label: t("reports.showFiles"), run: () => go("/reports/files") };
  const failed = file.state === "failed";
  toast(t(failed ? "reports.fileFailed" : "reports.fileReady"), failed ? "bad" : "info", action);
}
