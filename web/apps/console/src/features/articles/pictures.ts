import { toast } from "@alongside/ui";
import { t } from "../../i18n/index.svelte";

export const PICTURE_TYPES = "image/png,image/jpeg,image/webp,image/gif";
const LARGEST_MB = 5;

/** The file as the body of an upload; null, with the reason told, for what the server would refuse. */
export function chosenPicture(file: File | undefined): FormData | null {
  if (!file) return null;
  if (!PICTURE_TYPES.split(",").includes(file.type)) {
    toast(t("articles.notAPicture"), "bad");
    return null;
  }
  if (file.size > LARGEST_MB * 1024 * 1024) {
    toast(t("profile.tooLarge", { count: LARGEST_MB }), "bad");
    return null;
  }
  const body = new FormData();
  body.append("picture", file);
  return body;
}
