import type { Rule } from "../model/rule.ts";
import { instanceType } from "./instance-type.ts";
import { unusedGsi } from "./unused-gsi.ts";
import { writerClass } from "./writer-class.ts";

/** Every rule, in the order of phases. A new one: a file here that exports a `Rule`, its name in `RuleId`, and a line below. */
export const rules: readonly Rule[] = [unusedGsi, instanceType, writerClass];
