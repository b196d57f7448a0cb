// Verifies, with the library that receivers use, what the grid has sent.
// node webhook.mjs FILE, where the file is {"secrets": […], "deliveries": [{"headers": {…}, "body": "…"}]}.
// Prints {"verified": n, "refused": n}: each delivery under each secret, and each again with one byte more.
import { readFile } from "node:fs/promises";
import { Webhook } from "standardwebhooks";

const { secrets, deliveries } = JSON.parse(await readFile(process.argv[2], "utf8"));
let verified = 0;
let refused = 0;
for (const secret of secrets) {
  const webhook = new Webhook(secret);
  for (const { headers, body } of deliveries) {
    const payload = webhook.verify(body, headers);
    if (typeof payload.type === "string" && typeof payload.data === "object") {
      verified++;
    }

    try {
      webhook.verify(body + " ", headers);
    } catch {
      refused++;
    }
  }
}

console.log(JSON.stringify({ verified, refused }));
