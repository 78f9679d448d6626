import * as deletion from "@/lib/accounts/deletion";
import { deleteMe, previewDeletion } from "@/lib/contracts/profile";
import { clientAddress } from "@/lib/http/client-address";
import { route } from "@/lib/http/route";

export const GET = route(previewDeletion, ({ principal }) => deletion.previewDeletion(principal));

export const POST = route(deleteMe, async ({ principal, body, request }) => {
  await deletion.deleteAccount(principal, body, clientAddress(request));
  return undefined;
});
