"use strict";
(() => {
  const asked = JSON.parse(document.getElementById("asked").dataset.asked);
  const button = document.getElementById("touch");
  const told = document.getElementById("told");

  const bytes = (word) =>
    Uint8Array.from(atob(word.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

  const credentials = (identities) => identities.map((id) => ({ type: "public-key", id: bytes(id) }));

  const assertion = async (challenge, identities) => {
    const publicKey = {
      challenge: bytes(challenge),
      rpId: asked.rp,
      allowCredentials: credentials(identities),
      userVerification: "required",
      timeout: asked.timeout_ms,
    };
    const made = await navigator.credentials.get({ publicKey });
    return {
      identity: text(made.rawId),
      authenticator: text(made.response.authenticatorData),
      client: text(made.response.clientDataJSON),
      signature: text(made.response.signature),
    };
  };

  const enrolment = async () => {
    const publicKey = {
      challenge: bytes(asked.challenge),
      rp: { id: asked.rp, name: "Standfast on this machine" },
      user: { id: bytes(asked.user), name: asked.name, displayName: asked.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: credentials(asked.identities),
      authenticatorSelection: { userVerification: "required" },
      attestation: "none",
      timeout: asked.timeout_ms,
    };
    const made = await navigator.credentials.create({ publicKey });
    const identity = text(made.rawId);
    told.textContent = "Once more, to show that it signs.";
    return {
      algorithm: made.response.getPublicKeyAlgorithm(),
      key: text(made.response.getPublicKey()),
      proof: await assertion(asked.challenge, [identity]),
    };
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = "Touch your authenticator.";
    try {
      const answer = asked.enrol ? await enrolment() : await assertion(asked.challenge, asked.identities);
      const response = await fetch(location.href, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(answer),
      });
      told.textContent = (await response.json()).said;
      told.dataset.status = response.status;
    } catch (error) {
      told.textContent = `It was not signed: ${error.message}`;
      button.disabled = false;
    }
  });
  button.disabled = false;
})();
