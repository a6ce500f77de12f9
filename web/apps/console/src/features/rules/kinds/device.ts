import type { DeviceCondition } from "@alongside/contract";
import { devicesPlace } from "../places";
import { askDevice } from "../questions";
import { words } from "../kind";

export default words<DeviceCondition>({
  kind: "device",
  section: "visitor",
  rank: 37,
  fresh: () => ({ devices: ["mobile"] }),
  places: () => ({ devices: devicesPlace }),
  asks: () => [askDevice],
});
