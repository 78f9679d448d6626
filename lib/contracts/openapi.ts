import { z } from "zod";
import { defineOperation } from "@/lib/contracts/operation";

export const getOpenApi = defineOperation({
  id: "getOpenApi",
  method: "GET",
  path: "/openapi.json",
  summary: "This document",
  tag: "About",
  auth: "public",
  status: 200,
  response: z.looseObject({ openapi: z.string() }).meta({ description: "An OpenAPI 3.1 document." }),
});
