import { fargateCpus, fargateMemories } from "../../contract/fargate-sizes.ts";
import { acuLimits } from "../../constructs/data/serverless-settings.ts";
import { functionLimits } from "../../constructs/functions/function-definition.ts";
import { leastDaysBeforeStandardIa } from "../../constructs/storage/bucket-lifecycle.ts";
import type { Problem } from "./problem.ts";
import type { StackSettings } from "./settings-model.ts";

/** What must hold within one stack's service, serverless database, functions and bucket. */
export function applicationProblems({ name, components: { service, serverless, functions, dataBucket } }: StackSettings): readonly Problem[] {
  return [
    ...(service === null ? [] : serviceProblems(`${name}: services.${service.key}`, service)),
    ...(serverless === null ? [] : serverlessProblems(`${name}: aurora`, serverless)),
    ...functions.flatMap((definition) => functionProblems(`${name}: functions.${definition.key}`, definition)),
    ...(dataBucket?.transition === undefined ? [] : transitionProblems(`${name}: dataBucket.transition`, dataBucket.transition)),
  ];
}

type Components = StackSettings["components"];

function serviceProblems(path: string, { cpu, memoryMib, minCount, desiredCount, maxCount }: NonNullable<Components["service"]>): readonly Problem[] {
  const memories = fargateMemories(cpu);
  return [
    ...(memories.length === 0
      ? [{ path: `${path}.cpu`, message: `Fargate has no task of ${cpu} CPU units`, hint: `choose one of ${fargateCpus.join(", ")}` }]
      : []),
    ...(memories.length > 0 && !memories.includes(memoryMib)
      ? [
          {
            path: `${path}.memoryMib`,
            message: `Fargate has no task of ${cpu} CPU units with ${memoryMib} MiB`,
            hint: `with ${cpu} CPU units choose ${listed(memories)}`,
          },
        ]
      : []),
    ...(minCount <= desiredCount && desiredCount <= maxCount
      ? []
      : [
          {
            path,
            message: `minCount ${minCount}, desiredCount ${desiredCount} and maxCount ${maxCount} are not in this order`,
            hint: "make minCount ≤ desiredCount ≤ maxCount",
          },
        ]),
  ];
}

function listed(memories: readonly number[]): string {
  const [first, second, ...others] = memories;
  const last = others.at(-1);
  return others.length > 5 ? `${first}, ${second} … ${last}` : memories.join(", ");
}

function serverlessProblems(path: string, { minAcu, maxAcu, instances }: NonNullable<Components["serverless"]>): readonly Problem[] {
  const { step, leastMaximum, most } = acuLimits;
  const sizes = Object.entries({ minAcu, maxAcu });
  return [
    ...sizes
      .filter(([, acu]) => acu % step !== 0)
      .map(([key, acu]) => ({ path: `${path}.${key}`, message: `${acu} is not a multiple of ${step}`, hint: `Aurora's capacity goes in steps of ${step}` })),
    ...(minAcu <= maxAcu ? [] : [{ path, message: `minAcu ${minAcu} is more than maxAcu ${maxAcu}`, hint: "make minAcu ≤ maxAcu" }]),
    ...(maxAcu >= leastMaximum && maxAcu <= most
      ? []
      : [{ path: `${path}.maxAcu`, message: `${maxAcu} is no maximum that Aurora takes`, hint: `choose ${leastMaximum} to ${most}` }]),
    ...(instances.length > 0 ? [] : [{ path: `${path}.instances`, message: "no instance is left", hint: "keep one, or set `aurora.absent`" }]),
  ];
}

function functionProblems(path: string, definition: Components["functions"][number]): readonly Problem[] {
  return (["memoryMib", "timeoutSeconds"] as const).flatMap((key) => {
    const { least, most } = functionLimits[key];
    const value = definition[key];
    return value >= least && value <= most ? [] : [{ path: `${path}.${key}`, message: `Lambda takes no ${value}`, hint: `choose ${least} to ${most}` }];
  });
}

function transitionProblems(path: string, { storageClass, afterDays }: NonNullable<NonNullable<Components["dataBucket"]>["transition"]>): readonly Problem[] {
  return storageClass === "STANDARD_IA" && afterDays < leastDaysBeforeStandardIa
    ? [
        {
          path: `${path}.afterDays`,
          message: `STANDARD_IA takes no object of ${afterDays} days`,
          hint: `choose ${leastDaysBeforeStandardIa} or more`,
        },
      ]
    : [];
}
