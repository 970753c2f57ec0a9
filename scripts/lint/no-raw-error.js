/** Source throws typed errors (a remedy for the user, or a fault of ours) and takes time from a clock, never from the machine. */
const rawConstructions = {
  Error: "Throw a UserError (code, message, hint) or a Fault: a raw Error has no remedy and no exit code.",
  Date: "new Date() reads the machine's clock: take the time from the Clock port.",
};

export default {
  meta: { name: "tap" },
  rules: {
    "no-raw-construction": {
      create(context) {
        return {
          NewExpression(node) {
            if (node.callee.type !== "Identifier") return;
            const { name } = node.callee;
            const isClockRead = name === "Date" && node.arguments.length === 0;
            if (name === "Error" || isClockRead) context.report({ node, message: rawConstructions[name] });
          },
        };
      },
    },
  },
};
