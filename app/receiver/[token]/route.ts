import { receive } from "@/lib/receiver/receive";

/** Outside the API on purpose: no session, no key, no contract. Whoever has the address may send anything. */
async function handle(request: Request, { params }: { params: Promise<{ token: string }> }): Promise<Response> {
  return receive(request, (await params).token);
}

export const GET = handle;
export const HEAD = handle;
export const POST = handle;
export const PUT = handle;
export const PATCH = handle;
export const DELETE = handle;
export const OPTIONS = handle;
