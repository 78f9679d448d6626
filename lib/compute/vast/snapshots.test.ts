import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { launchRequest } from "@/lib/compute/testing-contract";
import { vastProvider } from "@/lib/compute/vast/provider";
import type { RegistryOptions } from "@/lib/compute/vast/registry";
import { optionsFor } from "@/lib/compute/vast/testing";
import { type FakeVast, offer, startFakeVast } from "@/lib/compute/vast/testing-server";
import { newId } from "@/lib/ids";

const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  config: { digest: digest("config"), size: 10 },
  layers: [
    { digest: digest("base"), size: 1000 },
    { digest: digest("changes"), size: 500 },
  ],
});

let fake: FakeVast;
let images: Set<string>;
let registry: RegistryOptions;
let close: () => void;

/** A registry as Docker Hub is one: a manifest only for a token, a token only for the password. */
beforeEach(async () => {
  fake = await startFakeVast();
  fake.offers.push(offer(1));
  images = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://registry");
    if (url.pathname === "/token") {
      const known = request.headers.authorization === `Basic ${btoa("robot:s3cret-password")}`;
      response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ token: "granted" }) : "{}");
    } else if (request.headers.authorization !== "Bearer granted") {
      const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="registry"` }).end();
    } else {
      const there = images.has(url.pathname);
      response.writeHead(there ? 200 : 404, { "docker-content-digest": digest(MANIFEST) }).end(there ? MANIFEST : "{}");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry = {
    host: "docker.io",
    repository: "acme/snapshots",
    user: "robot",
    password: "s3cret-password",
    apiUrl,
  };
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(async () => {
  close();
  await fake.close();
});

it("pushes an image under the snapshot's id and is complete when the registry has it", async () => {
  const provider = vastProvider(optionsFor(fake, { registry }));
  const { label } = await provider.start(launchRequest());
  const request = { snapshotId: newId("snapshot"), label, name: "x" };
  expect(await provider.snapshot(request)).toMatchObject({ state: "running" });
  expect(await provider.snapshot(request)).toMatchObject({ state: "running" });
  const asked = fake.calls.filter(({ endpoint }) => endpoint === "snapshot");
  expect(asked.map(({ body }) => body)).toMatchObject([
    {
      container_registry: "docker.io",
      personal_repo: `acme/snapshots:${request.snapshotId}`,
      docker_login_user: "robot",
      docker_login_pass: "s3cret-password",
    },
  ]);
  images.add(`/v2/acme/snapshots/manifests/${request.snapshotId}`);
  expect(await provider.snapshot(request)).toEqual({
    state: "completed",
    externalId: digest(MANIFEST),
    location: `docker.io/acme/snapshots:${request.snapshotId}`,
    sizeBytes: 1510,
    checksums: { config: digest("config"), "layer 1": digest("base"), "layer 2": digest("changes") },
  });
});

it("says when no image comes, and when there is no machine", async () => {
  let now = Date.now();
  const provider = vastProvider(optionsFor(fake, { registry, now: () => new Date(now) }));
  const { label } = await provider.start(launchRequest());
  const request = { snapshotId: newId("snapshot"), label, name: "x" };
  await provider.snapshot(request);
  now += 4 * 3_600_000;
  expect(await provider.snapshot(request)).toMatchObject({ state: "failed" });
  await provider.stop(label);
  expect(await provider.snapshot({ ...request, snapshotId: newId("snapshot") })).toMatchObject({ state: "failed" });
});

it("takes none without a registry, or with a password that the registry does not accept", async () => {
  const request = { snapshotId: newId("snapshot"), label: launchRequest().label, name: "x" };
  await expect(vastProvider(optionsFor(fake)).snapshot(request)).rejects.toMatchObject({ kind: "unsupported" });
  const wrong = vastProvider(optionsFor(fake, { registry: { ...registry, password: "wrong" } }));
  await expect(wrong.snapshot(request)).rejects.toMatchObject({ kind: "refused" });
});

it("can ask again when vast.ai refused", async () => {
  const provider = vastProvider(optionsFor(fake, { registry }));
  const { label } = await provider.start(launchRequest());
  const request = { snapshotId: newId("snapshot"), label, name: "x" };
  fake.script("snapshot", { kind: "answer", status: 200, text: '{"msg":"the container is busy"}' });
  await expect(provider.snapshot(request)).rejects.toMatchObject({
    kind: "refused",
    message: expect.stringContaining("the container is busy"),
  });
  expect(await provider.snapshot(request)).toMatchObject({ state: "running" });
});
