import { describeProvider } from "@/lib/compute/testing-contract";
import { vastProvider } from "@/lib/compute/vast/provider";
import { optionsFor } from "@/lib/compute/vast/testing";
import { offer, startFakeVast } from "@/lib/compute/vast/testing-server";

describeProvider("vast.ai", async () => {
  const fake = await startFakeVast();
  fake.offers.push(...Array.from({ length: 40 }, (_, index) => offer(index + 1)));
  return { provider: vastProvider(optionsFor(fake)), close: () => fake.close() };
});
