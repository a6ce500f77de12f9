import type { NewPasskey, PasskeyCreation, PasskeyRequest, SignedByPasskey } from "@alongside/contract";

/** Why the browser gave no passkey: its owner gave up or took too long, has one here already, or it could not. */
export class NoPasskey extends Error {
  constructor(readonly why: "givenUp" | "already" | "failed") {
    super(why);
  }
}

/** Whether passkeys bound to this host can be used on this page. */
export function usable(host: string | null): boolean {
  return host === location.hostname && isSecureContext && "PublicKeyCredential" in window;
}

/** Have the browser make a passkey. Throws NoPasskey. */
export async function make(wanted: PasskeyCreation, name: string): Promise<NewPasskey> {
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: wanted.host, name: wanted.company },
        user: { id: toBytes(wanted.user_id), name: wanted.email, displayName: wanted.display_name },
        challenge: toBytes(wanted.challenge),
        pubKeyCredParams: wanted.algorithms.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: wanted.exclude.map(descriptor),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
        attestation: "none",
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    name,
    client_data: toText(response.clientDataJSON),
    attestation: toText(response.attestationObject),
  };
}

/** Have the browser sign with a passkey. Throws NoPasskey. */
export async function sign(asked: PasskeyRequest): Promise<SignedByPasskey> {
  const credential = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: asked.host,
        challenge: toBytes(asked.challenge),
        allowCredentials: asked.allow.map(descriptor),
        userVerification: "required",
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    credential_id: toText(credential.rawId),
    client_data: toText(response.clientDataJSON),
    authenticator_data: toText(response.authenticatorData),
    signature: toText(response.signature),
  };
}

async function ask(prompt: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await prompt();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "AbortError") throw new NoPasskey("givenUp");
    if (name === "InvalidStateError") throw new NoPasskey("already");
  }
  throw new NoPasskey("failed");
}

function descriptor(id: string): PublicKeyCredentialDescriptor {
  return { type: "public-key", id: toBytes(id) };
}

/** Bytes from base64url without padding. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Base64url without padding. */
export function toText(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
