/** Lint as policy: types, forgotten awaits, unhandled union members, and who may import whom (with the reason in the message). */

const ban = (group, message) => ({ group, message });

const reason = {
  cdktf: ban(
    ["cdktf", "cdktf/**", "@cdktf/**", "constructs"],
    "Only main, stacks and constructs know cdktf, so that a switch to its successor stays a find-and-replace.",
  ),
  stacks: ban(["**/stacks/**", "**/constructs/**"], "The optimizer and the simulated account meet the stacks only through contract/ and Terraform JSON."),
  optimizer: ban(["**/optimizer/**"], "Stacks and the simulated account must work without the optimizer."),
  simulation: ban(["**/simulation/**"], "Only composition and adapters/simulated know that an account is simulated."),
  sdk: ban(["@aws-sdk/**", "@smithy/**"], "SDK types stop at adapters/aws: map them to core/model there."),
  yargs: ban(["yargs", "yargs/**"], "Arguments are parsed in cli and commands only."),
  machine: ban(
    ["node:fs", "node:fs/**", "node:child_process", "node:os", "node:timers", "node:timers/**", "node:net", "node:http", "node:https", "**/environment.ts"],
    "Files, processes, timers and the environment are reached through ports: adapters, cli, composition and scripts only.",
  ),
  processes: ban(["node:child_process"], "Child processes are started by adapters and scripts only."),
  app: ban(["**/app/**"], "Use cases are called by commands and composition."),
  adapters: ban(["**/adapters/**"], "Ports are called here; composition plugs adapters in."),
  commands: ban(["**/commands/**", "**/cli.ts", "**/composition.ts", "**/composition/**"], "Nothing imports the command line."),
  ports: ban(["**/ports/**"], "core decides, app acts: core never sees a port."),
  dashboard: ban(["**/dashboard/**"], "Only app renders the dashboard."),
  leverFolders: {
    regex: "/levers/[^/]+/",
    message: "What is shared knows no kind of resource and no rule: it asks the tables in core/levers (change-kinds, resource-kinds, rules, thresholds).",
  },
  levers: ban(["**/levers/**"], "Arithmetic that rules share knows no rule: pass it series, figures and policy."),
  otherLevers: {
    regex: "^\\.\\./[a-z-]+/",
    message: "A lever knows its own kind of resource; what two of them share belongs to core/sizing or core/levers.",
  },
  afterDeciding: ban(
    ["**/planning/**", "**/observation/**", "**/execution/**", "**/adoption/**", "**/report/**"],
    "A rule decides about a resource; when that is done, watched, written back and reported is not its business.",
  ),
  barrel: ban(
    ["@cdktf/provider-aws", "@cdktf/provider-aws/lib"],
    "The provider's barrel costs 5 s and 700 MiB: import @cdktf/provider-aws/lib/<resource>/index.js.",
  ),
  answers: ban(
    ["aws-sdk-client-mock"],
    "Answers stand in the class of a client, which all tests of a worker share: answersOf in __tests__/support/answers-of.ts takes them away again.",
  ),
  constructsToStacks: ban(["**/stacks/**"], "Constructs are building blocks: stacks import them, never the other way round."),
};

/** A service is one object in one folder: what it needs of another stands in simulation/shared, and adding one names no other. */
const otherServices = {
  regex: String.raw`^\.\./[^.]`,
  message:
    "Services never import each other: what two of them need stands in simulation/shared (launch templates, fleets, load balancers, the application's demand).",
};
const servicesRegistry = ban(
  ["**/services.ts", "**/scenario/schema.ts", "**/account/account.ts", "**/deployment/**"],
  "The account knows its services by the registry; a service knows neither.",
);
const oneService = ban(
  ["**/services/*/**"],
  "Shared parts of the simulated account know services by the interface in account/service.ts and the registry alone.",
);

const imports = (...bans) => ({ "no-restricted-imports": ["error", { patterns: [...bans, reason.barrel] }] });

const machineGlobals = ["process", "console", "setTimeout", "setInterval", "setImmediate", "performance"].map((name) => ({
  name,
  message: "Reach the machine through a port; only adapters, cli, composition, main and scripts may.",
}));

const environment = { object: "process", property: "env", message: "Name the variable in optimizer/environment.ts, which says what it is for, and ask there." };

const pure = {
  "no-restricted-globals": ["error", ...machineGlobals],
  "no-restricted-properties": [
    "error",
    { object: "Date", property: "now", message: "Take the time from the Clock port." },
    { object: "Math", property: "random", message: "A measurement belongs here, or a seed." },
  ],
  "tap/no-raw-construction": "error",
};

const layer = (files, bans, extra = {}) => ({ files, rules: { ...imports(...bans), ...extra } });

/** What nothing within the optimizer knows but adapters and the command line. */
const inner = [reason.cdktf, reason.stacks, reason.simulation, reason.sdk, reason.yargs, reason.machine, reason.commands];

/** What nothing within the simulated account knows. */
const simulated = [reason.cdktf, reason.stacks, reason.optimizer, reason.yargs, reason.machine];

const adapterFolders = ["aws", "clock", "files", "pagers", "policy", "prices", "simulated", "sizing-files", "terminal", "terraform-outputs"];

const core = [...inner, reason.app, reason.adapters, reason.dashboard, reason.ports];

/** One adapter knows one outside world: the SDK, the simulated account, files; and none knows another. */
function adapterLayer(folder) {
  const others = adapterFolders.filter((other) => other !== folder).map((other) => `**/${other}/**`);
  const worlds = [...(folder === "aws" ? [] : [reason.sdk]), ...(folder === "simulated" ? [] : [reason.simulation])];
  const across = ban(others, "Adapters share within their folder, never across: composition plugs them together.");
  return layer(
    [`optimizer/adapters/${folder}/**`],
    [reason.cdktf, reason.stacks, reason.yargs, reason.app, reason.commands, reason.dashboard, ...worlds, across],
  );
}

export default {
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise"],
  jsPlugins: ["./scripts/lint/no-raw-error.js"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["node_modules", "cdktf.out", "coverage", ".cache", ".optimizer", "dist"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: false }],
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    // Types, too: files that need each other only for types still cannot be understood one at a time.
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "import/no-default-export": "error",
    // What the loader of the compiled bundle takes for an exported value stays it (scripts/load-compiled.mjs).
    "import/no-mutable-exports": "error",
    "oxc/no-barrel-file": ["error", { threshold: 0 }],
    "no-empty": ["error", { allowEmptyCatch: false }],
    "max-lines": ["error", { max: 400 }],
    // What the environment says is listed once: optimizer/environment.ts for the optimizer, stacks/settings/environment-variables.ts for the stacks.
    "no-restricted-properties": ["error", environment],
    "tap/no-raw-construction": "error",
    // Shadowing a short name in a small closure reads better than inventing a second one.
    "no-shadow": "off",
    // `undefined` is a value of the return type; TypeScript's noImplicitReturns catches the forgotten ones.
    "typescript/consistent-return": "off",
    // Ports and adapters are objects of closures: their members have no `this` to lose.
    "typescript/unbound-method": "off",
    // JSON, generics and SDK shapes are narrowed once, at the edge, after a schema or a tag was checked.
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-array-reverse": "off",
    "unicorn/consistent-function-scoping": "off",
    "import/no-unassigned-import": "off",
    "import/no-named-as-default-member": "off",
  },
  overrides: [
    layer(["contract/**"], [reason.cdktf, reason.stacks, reason.optimizer, reason.simulation, reason.sdk, reason.yargs, reason.machine], pure),
    layer(["constructs/**"], [reason.constructsToStacks, reason.optimizer, reason.simulation, reason.sdk, reason.yargs, reason.machine], pure),
    layer(["stacks/**"], [reason.optimizer, reason.simulation, reason.sdk, reason.yargs, reason.machine], pure),
    layer(["simulation/**"], [...simulated, oneService], pure),
    layer(["simulation/services.ts"], simulated, pure),
    layer(["simulation/services/**"], [...simulated, otherServices, servicesRegistry], pure),
    layer(["optimizer/core/**"], [...core, reason.leverFolders], pure),
    layer(["optimizer/core/sizing/**"], [...core, reason.levers, reason.afterDeciding], pure),
    layer(["optimizer/core/levers/*"], [...core, reason.afterDeciding], pure),
    layer(["optimizer/core/levers/*/**"], [...core, reason.otherLevers, reason.afterDeciding], pure),
    layer(["optimizer/ports/**"], [...inner, reason.app, reason.adapters, reason.dashboard], pure),
    layer(["optimizer/app/**"], [...inner, reason.adapters, reason.leverFolders], pure),
    layer(["optimizer/dashboard/**"], [...inner, reason.app, reason.adapters, reason.ports], pure),
    ...adapterFolders.map(adapterLayer),
    layer(["optimizer/commands/**"], [reason.cdktf, reason.stacks, reason.simulation, reason.sdk, reason.machine, reason.dashboard]),
    layer(["optimizer/cli.ts", "optimizer/composition.ts", "optimizer/composition/**"], [reason.cdktf, reason.stacks]),
    { files: ["main.ts", "stacks/**", "constructs/**"], rules: { "no-new": "off" } },
    // Programs at their edge, and the one list of variables.
    { files: ["optimizer/environment.ts", "main.ts"], rules: { "no-restricted-properties": "off" } },
    // The two places that strip control characters have to name them.
    { files: ["optimizer/adapters/terminal/safe-text.ts", "optimizer/dashboard/markup.ts"], rules: { "no-control-regex": "off" } },
    {
      files: ["__tests__/**", "bench/**", "scripts/**", "*.config.ts", "*.config.mjs", "bin/**"],
      rules: {
        "tap/no-raw-construction": "off",
        "no-restricted-properties": "off",
        "typescript/no-non-null-assertion": "off",
        "import/no-default-export": "off",
        "no-restricted-imports": ["error", { patterns: [reason.barrel] }],
        "no-console": "off",
        "promise/no-promise-in-callback": "off",
      },
    },
    { files: ["__tests__/**"], rules: imports(reason.answers) },
    { files: ["__tests__/support/answers-of.ts"], rules: imports() },
  ],
};
