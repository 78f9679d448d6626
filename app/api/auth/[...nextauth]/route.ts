import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/accounts/auth-options";
import { readSession, sessionTokenOf } from "@/lib/accounts/session-token";
import { problemResponse, toAppError } from "@/lib/http/problem";
import { newId } from "@/lib/ids";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: NextRequest, context: Context): Promise<Response> {
  const requestId = newId("request");
  try {
    const [action] = (await context.params).nextauth;
    // next-auth would let anybody write into our log here.
    if (action === "_log") return new Response(null, { status: 204 });
    // next-auth drops the cookie of a session that it cannot check, so that a database which is away for a moment would
    // sign people out. This fails first.
    if (action === "session") await readSession(sessionTokenOf(request.headers));
    return await NextAuth(request, context, authOptions(request));
  } catch (error) {
    return problemResponse(toAppError(error, requestId), requestId);
  }
}

export { handler as GET, handler as POST };
