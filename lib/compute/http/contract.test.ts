import { createHttpProvider } from "@/lib/compute/http/provider";
import { startReferenceProvisioner } from "@/lib/compute/http/testing";
import { describeProvider } from "@/lib/compute/testing-contract";
import { createEgressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";

describeProvider("the reference provisioner over HTTP", async () => {
  const reference = await startReferenceProvisioner();
  const client = createGuardedClient({ policy: createEgressPolicy(["127.0.0.0/8"]) });
  return {
    provider: createHttpProvider({ url: reference.url, secret: reference.secret, client }),
    pollMs: 50,
    close: async () => {
      await client.close();
      await reference.close();
    },
  };
});
