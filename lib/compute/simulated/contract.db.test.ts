import { SimulatedProvider } from "@/lib/compute/simulated/provider";
import { describeProvider } from "@/lib/compute/testing-contract";

describeProvider("simulated machines", async () => ({
  provider: new SimulatedProvider({ scale: 0.001 }),
  close: async () => {},
}));
