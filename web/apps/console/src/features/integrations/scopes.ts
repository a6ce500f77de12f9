import { tryT } from "../../i18n/index.svelte";

/** What a scope is called, and what it allows. */
export const scopeName = (scope: string) =>
  tryT(`apiKeys.scope.${scope}`) ?? tryT(`permission.${scope}`) ?? scope;
export const scopeText = (scope: string) =>
  tryT(`apiKeys.scopeText.${scope}`) ?? tryT(`permissionText.${scope}`) ?? "";
