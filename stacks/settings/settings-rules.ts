import { keyFields } from "../../constructs/data/table-definition.ts";
import { applicationChoiceRules } from "./application-choice-rules.ts";
import { applicationProblems } from "./application-rules.ts";
import { domainIsInItsZone } from "./domain.ts";
import { networkRules } from "./network-rules.ts";
import type { Rule } from "./rule.ts";

/** `prod` typed for `production` would give an environment of production's names and no protection. */
const prodIsProduction: Rule = ({ environment, suffix }) =>
  suffix === "prod" && environment !== "production"
    ? [
        {
          path: "suffix",
          message: `the environment ${environment} would have production's names`,
          hint: "say environment `production`, or choose another suffix",
        },
      ]
    : [];

const regionsDiffer: Rule = ({ stacks }) =>
  stacks
    .filter((stack, index) => stacks.findIndex((other) => other.region === stack.region) < index)
    .map(({ region }) => ({ path: "regions", message: `${region} stands there twice`, hint: "name each region once" }));

const productionIsEncrypted: Rule = ({ environment, stacks }) =>
  environment !== "production"
    ? []
    : stacks
        .filter((stack) => !stack.absent && stack.certificateArn === undefined)
        .map(({ region }) => ({
          path: "certificateArn",
          message: `production has no certificate for ${region}`,
          hint: `add the ARN of an ACM certificate in ${region} (TAP_CERTIFICATE_ARN takes several, separated by commas)`,
        }));

const groupSizesAreInOrder: Rule = ({ stacks }) =>
  stacks.flatMap(({ name, components: { compute } }) =>
    compute === null || (compute.minSize <= compute.desiredCapacity && compute.desiredCapacity <= compute.maxSize)
      ? []
      : [
          {
            path: `${name}: compute`,
            message: `minSize ${compute.minSize}, desiredCapacity ${compute.desiredCapacity} and maxSize ${compute.maxSize} are not in this order`,
            hint: "make minSize ≤ desiredCapacity ≤ maxSize",
          },
        ],
  );

/** Replication reads the stream, and needs write capacity that follows the other regions' writes. */
const globalTablesCanReplicate: Rule = ({ stacks }) =>
  stacks
    .filter((stack) => stack.role === "primary" && stacks.some((other) => other.role === "secondary" && !other.absent))
    .flatMap(({ name, components }) =>
      components.tables.filter((table) => table.scope === "global").map((table) => ({ path: `${name}: tables.${table.key}`, table })),
    )
    .flatMap(({ path, table }) => [
      ...(table.stream
        ? []
        : [
            { path: `${path}.stream`, message: "a global table cannot do without its stream", hint: "remove `stream`, or give up the secondary regions first" },
          ]),
      ...(table.billing.mode === "PAY_PER_REQUEST"
        ? []
        : [{ path: `${path}.billingMode`, message: "a global table with fixed capacity falls behind its replicas", hint: "keep PAY_PER_REQUEST" }]),
    ]);

const keysAgreeOnTypes: Rule = ({ stacks }) =>
  stacks.flatMap(({ name, components }) =>
    components.tables.flatMap((table) => {
      const types = new Map(keyFields(table).map((field) => [field.name, field.type]));
      const used = [table.primaryKey, ...table.indexes.map((index) => index.key)].flatMap(({ hash, range }) => (range === undefined ? [hash] : [hash, range]));
      return used
        .filter((field) => types.get(field.name) !== (field.type ?? "S"))
        .map((field) => ({ path: `${name}: tables.${table.key}`, message: `${field.name} has two types`, hint: "give an attribute one type in all keys" }));
    }),
  );

const primaryStays: Rule = ({ stacks }) =>
  stacks
    .filter((stack) => stack.role === "primary" && stack.absent)
    .map(({ name }) => ({
      path: `${name}: regionAbsent`,
      message: "the primary owns the global tables and database",
      hint: "only a secondary's region can be given up",
    }));

const auroraHasAPrimary: Rule = ({ stacks }) => {
  const [primary, ...secondaries] = stacks;
  if (primary === undefined || primary.components.aurora !== null) return [];
  return secondaries
    .filter((stack) => !stack.absent && stack.components.aurora !== null)
    .map(({ name }) => ({ path: `${name}: aurora`, message: "its primary cluster is absent", hint: "set `aurora.absent` in this stack's sizing, too" }));
};

const auroraHasAnInstance: Rule = ({ stacks }) =>
  stacks
    .filter(({ components: { aurora } }) => aurora !== null && aurora.instances.length === 0)
    .map(({ name }) => ({ path: `${name}: aurora.instances`, message: "no instance is left", hint: "keep one, or set `aurora.absent`" }));

const applicationFits: Rule = ({ stacks }) => stacks.filter((stack) => !stack.absent).flatMap(applicationProblems);

export const rules: readonly Rule[] = [
  prodIsProduction,
  regionsDiffer,
  ...networkRules,
  domainIsInItsZone,
  productionIsEncrypted,
  groupSizesAreInOrder,
  ...applicationChoiceRules,
  globalTablesCanReplicate,
  keysAgreeOnTypes,
  primaryStays,
  auroraHasAPrimary,
  auroraHasAnInstance,
  applicationFits,
];
