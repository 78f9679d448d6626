/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // Answers of the API are data and never pages; proxy.ts, which sees to the pages, leaves them out.
  headers: async () => [{ source: "/api/:path*", headers: [{ key: "X-Content-Type-Options", value: "nosniff" }] }],
  // Browsers ask for it wherever no page names an icon: for a missing page, for the answers of the API.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  agentRules: false,
  // `npm run typecheck` does that, over everything; here it would be a third of everybody's first start.
  typescript: { ignoreBuildErrors: true },
  // The database driver, the password hash and the logger load native or dynamic files; bundling breaks them.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "@prisma/client",
    "@prisma/adapter-pg",
    "@node-rs/argon2",
    "pino",
    "undici",
    "prom-client",
    "@opentelemetry/sdk-trace",
    "@opentelemetry/resources",
    "@opentelemetry/exporter-trace-otlp-http",
  ],
};
