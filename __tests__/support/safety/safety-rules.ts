import { alarms } from "./alarms.ts";
import { deletion } from "./deletion.ts";
import { edge } from "./edge.ts";
import { encryption } from "./encryption.ts";
import { expiry } from "./expiry.ts";
import { lifecycle } from "./lifecycle.ts";
import { network } from "./network.ts";
import { order } from "./order.ts";
import { parameters } from "./parameters.ts";
import { placement } from "./placement.ts";
import { policies } from "./policies.ts";
import type { SafetyRule } from "./requirements.ts";
import { retention } from "./retention.ts";
import { secrets } from "./secrets.ts";

/** What must hold in every stack of every blueprint, by theme. */
export const safetyRules = {
  alarms,
  deletion,
  edge,
  encryption,
  expiry,
  lifecycle,
  network,
  order,
  parameters,
  placement,
  policies,
  retention,
  secrets,
} satisfies Record<string, SafetyRule>;

export type SafetyTheme = keyof typeof safetyRules;
