import { execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Two ways to run a machine. Both have the same functions, and each can be repeated:
 * - launch(machine): starts it unless it is there
 * - look(machine): { state, failure?, port? }
 * - end(machine): lets go of it; resolves when it is gone
 * - save(machine, snapshotId): { id, location, size_bytes, checksums }
 */
export function chooseBackend({ name, dataDir, host }) {
  const chosen = name ?? (hasDocker() ? "docker" : "process");
  if (chosen === "docker") return dockerBackend(host);
  if (chosen === "process") return processBackend(dataDir, host);
  throw new Error(`There is no backend "${chosen}"; choose docker or process.`);
}

function hasDocker() {
  try {
    execFileSync("docker", ["version", "--format", "{{.Server.Version}}"], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Containers. The name is made of the label, so a second `docker run` of the same label is refused by Docker itself. */
function dockerBackend(host) {
  const nameOf = ({ id }) => `dumont-${id}`;
  const docker = async (...args) => (await run("docker", args, { maxBuffer: 8 * 1024 * 1024 })).stdout.trim();
  const inspect = async (machine) => {
    try {
      return JSON.parse(await docker("container", "inspect", nameOf(machine)))[0];
    } catch {
      return null;
    }
  };
  return {
    name: "docker",
    async launch(machine) {
      if (await inspect(machine)) return;
      const { template, label, gpus } = machine;
      const options = [
        ...["--detach", "--name", nameOf(machine), "--label", `dumont.label=${label}`, "--restart", "no"],
        ...(gpus.length > 0 ? ["--gpus", `"device=${gpus.join(",")}"`] : []),
        ...Object.entries(template.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ...template.ports.flatMap((port) => ["--publish", String(port)]),
      ];
      // The machine stays up when the script has ended: it is there to be logged in to.
      const script = `${template.start_script}\nwhile :; do sleep 3600; done`;
      await docker("run", ...options, "--entrypoint", "/bin/sh", template.image, "-c", script);
    },
    async look(machine) {
      const container = await inspect(machine);
      if (!container) return { state: "failed", failure: "Its container is gone." };
      if (!container.State.Running)
        return { state: "failed", failure: `Its container ended: ${container.State.Status}.` };
      const bindings = Object.values(container.NetworkSettings.Ports ?? {}).find((ports) => ports?.[0]);
      return { state: "running", address: addressOf(host, bindings ? Number(bindings[0].HostPort) : null) };
    },
    async end(machine) {
      if (await inspect(machine)) await docker("rm", "--force", "--volumes", nameOf(machine));
    },
    async save(machine, snapshotId) {
      const image = `dumont-snapshot:${snapshotId}`;
      await docker("commit", nameOf(machine), image);
      const [{ Id: id, Size: size }] = JSON.parse(await docker("image", "inspect", image));
      return { id, location: image, size_bytes: size, checksums: { image: id } };
    },
  };
}

/** Plain processes, each in a folder and a process group of its own: for machines without Docker, and to try it out. */
function processBackend(dataDir, host) {
  const folderOf = ({ id }) => path.join(dataDir, "machines", id);
  const pidOf = (machine) => {
    const file = path.join(folderOf(machine), "pid");
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : null;
  };
  const isAlive = (machine) => {
    const pid = pidOf(machine);
    return pid !== null && isOurs(pid, machine.id);
  };
  return {
    name: "process",
    async launch(machine) {
      if (isAlive(machine)) return;
      const folder = folderOf(machine);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "start.sh"), machine.template.start_script);
      // Who makes the folder `lock` is the machine; who writes its number last is known. A second one ends at once, even
      // if we ended ourselves between the first and the number.
      const keeper = [
        "mkdir lock 2>/dev/null || exit 0",
        "echo $$ > pid.new",
        "mv pid.new pid",
        "sh ./start.sh > log 2>&1",
        "while :; do sleep 1; done",
      ].join("; ");
      const child = spawn("sh", ["-c", keeper, `dumont-${machine.id}`], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          CUDA_VISIBLE_DEVICES: machine.gpus.join(","),
          ...machine.template.env,
        },
        detached: true,
        stdio: "ignore",
      });
      await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
      child.unref();
      for (let tries = 0; pidOf(machine) === null && tries < 500; tries += 1) await pause();
    },
    async look(machine) {
      if (isAlive(machine)) return { state: "running", address: addressOf(host, machine.template.ports[0] ?? null) };
      return { state: "failed", failure: "Its process has ended." };
    },
    async end(machine) {
      const pid = pidOf(machine);
      for (let tries = 0; pid !== null && isAlive(machine); tries += 1) {
        signal(pid, tries < 250 ? "SIGTERM" : "SIGKILL");
        await pause();
      }
      rmSync(folderOf(machine), { recursive: true, force: true });
    },
    async save(machine, snapshotId) {
      const folder = path.join(dataDir, "snapshots");
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, `${snapshotId}.tar`);
      await run("tar", ["-cf", file, "-C", folderOf(machine), "."]);
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(file)) hash.update(chunk);
      const checksum = `sha256:${hash.digest("hex")}`;
      return {
        id: snapshotId,
        location: `file://${file}`,
        size_bytes: statSync(file).size,
        checksums: { [path.basename(file)]: checksum },
      };
    },
  };
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether the process is there and the one that we started: numbers are given out again. */
function isOurs(pid, id) {
  try {
    process.kill(pid, 0);
    const command = existsSync("/proc/self/cmdline")
      ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
      : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes(`dumont-${id}`);
  } catch {
    return false;
  }
}

/** To the whole group: the start script has children. */
function signal(pid, name) {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function addressOf(host, port) {
  return { host, port, url: port === null ? null : `http://${host}:${port}` };
}
