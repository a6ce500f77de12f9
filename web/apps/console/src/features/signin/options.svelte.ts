import type { SignInOptions } from "@alongside/contract";
import { call } from "../../live/api";

/** How one signs in here. What is not known yet is what a new installation asks. */
export const options: SignInOptions = $state({
  password_chars: 10,
  provider: null,
  passkey_host: null,
  mail: false,
});

/** Ask the server; without an answer the forms go on with what they know, and the server judges. */
export async function readOptions(): Promise<void> {
  await call<SignInOptions>("GET", "/sign-in")
    .then((answer) => Object.assign(options, answer))
    .catch(() => {});
}
