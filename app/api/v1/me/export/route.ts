import { exportAccount } from "@/lib/accounts/export";
import { exportMe } from "@/lib/contracts/profile";
import { attachment } from "@/lib/http/attachment";
import { route } from "@/lib/http/route";

export const GET = route(exportMe, async ({ principal }) => {
  const json = JSON.stringify(await exportAccount(principal, new Date()), null, 2);
  return attachment({ bytes: Buffer.from(json), filename: "dumont-account.json" });
});
