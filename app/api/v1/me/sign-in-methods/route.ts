import * as methods from "@/lib/accounts/sign-in-methods";
import { listSignInMethods } from "@/lib/contracts/profile";
import { route } from "@/lib/http/route";

export const GET = route(listSignInMethods, ({ principal }) => methods.listSignInMethods(principal));
