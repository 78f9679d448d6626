import { storeApiKey } from "@/lib/accounts/api-keys";
import { hashPassword } from "@/lib/accounts/password";
import { createFirstOwner, isSetUp, loadDemo } from "@/lib/accounts/setup";
import { ALL_SCOPES } from "@/lib/contracts/permissions";
import { transaction } from "@/lib/db/transaction";
import { type Env, env } from "@/lib/env";
import { log } from "@/lib/log";

const PROJECT_NAME = "default";

/**
 * Sets up a new installation from DUMONT_BOOTSTRAP_*, without a browser: the owner, the premium project `default`, and
 * an API key with every scope if one is given. To be called at each start: an installation that has an account is
 * left as it is, and of several processes that start at once one does it.
 */
export async function bootstrap(settings: Env = env): Promise<{ created: boolean }> {
  const {
    DUMONT_BOOTSTRAP_EMAIL: email,
    DUMONT_BOOTSTRAP_PASSWORD: password,
    DUMONT_BOOTSTRAP_API_KEY: key,
  } = settings;
  if (!email || !password) {
    if (email || password || key) {
      log.warn("Nothing was set up: DUMONT_BOOTSTRAP_EMAIL and DUMONT_BOOTSTRAP_PASSWORD are needed together.");
    }
    return { created: false };
  }
  if (await isSetUp()) return { created: false };
  const address = email.toLowerCase();
  const passwordHash = await hashPassword(password);
  const owner = await transaction(async (tx) => {
    const first = await createFirstOwner(tx, {
      name: address.split("@")[0] ?? address,
      email: address,
      passwordHash,
      projectName: PROJECT_NAME,
    });
    if (first && key) {
      await storeApiKey(tx, {
        projectId: first.projectId,
        createdBy: first.userId,
        name: "Bootstrap",
        scopes: ALL_SCOPES,
        key,
      });
    }
    return first;
  });
  if (!owner) return { created: false };
  log.info({ project_id: owner.projectId }, "set up from DUMONT_BOOTSTRAP_*");
  if (settings.DUMONT_DEMO) await loadDemo(owner.projectId);
  return { created: true };
}
