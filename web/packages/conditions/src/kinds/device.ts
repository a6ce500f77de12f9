import type { DeviceCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** The visitor's device is one of these. */
export default {
  places: BOTH,
  holds: ({ devices }, { device }) => known(device || null, (one) => devices.some((each) => each === one)),
} satisfies Judge<DeviceCondition>;
