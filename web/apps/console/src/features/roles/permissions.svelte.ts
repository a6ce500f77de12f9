import { call } from "../../live/api";
import { tryT } from "../../i18n/index.svelte";
import type { Permission, Sight } from "@alongside/contract";

export interface Group {
  id: string;
  permissions: Permission[];
}

export const SIGHTS: readonly Sight[] = ["all", "team", "own"];

let reading: Promise<Group[]> | null = null;

/** Everything that a role can allow, in groups, as the server lists it. It changes only with the server's version. */
export function readPermissions(): Promise<Group[]> {
  reading ??= call<Permission[]>("GET", "/permissions").then(grouped);
  reading.catch(() => (reading = null));
  return reading;
}

export function grouped(permissions: readonly Permission[]): Group[] {
  const groups = new Map<string, Permission[]>();
  for (const one of permissions) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups].map(([id, list]) => ({ id, permissions: list }));
}

export const groupName = (group: string) => tryT(`permissionGroup.${group}`) ?? group;
export const permissionName = (one: Permission) => tryT(`permission.${one.name}`) ?? one.name;
export const permissionText = (one: Permission) => tryT(`permissionText.${one.name}`) ?? one.about;
