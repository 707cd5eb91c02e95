// What allauth's passkey scripts cannot say themselves: why a passkey was not used.

import { gettext } from "./words.js";

const place = document.querySelector("[data-passkey-problem]");

const WORDS = {
  NotAllowedError: gettext("No passkey was used: it was cancelled, or none fits this account."),
  InvalidStateError: gettext("This device holds a passkey of yours already."),
  SecurityError: gettext("Passkeys need the address that the account belongs to. Open it by its name."),
  NotSupportedError: gettext("This browser or device cannot make that kind of passkey."),
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = event.detail.exception;
  const words = WORDS[problem?.name] || gettext("The passkey did not work. Try again, or sign in another way.");
  if (place) place.textContent = words;
});

if (!window.PublicKeyCredential && place) {
  place.textContent = gettext("This browser knows no passkeys. Sign in another way.");
}
