import type { Rule } from "../model/rule.ts";
import { instanceType } from "./asg/instance-type.ts";
import { unusedGsi } from "./dynamodb/unused-gsi.ts";
import { writerClass } from "./aurora/writer-class.ts";

/** Every rule, in the order of phases. A new one: a file in its lever that exports a `Rule`, its name in `RuleId`, and a line below. */
export const rules: readonly Rule[] = [unusedGsi, instanceType, writerClass];
