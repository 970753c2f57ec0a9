/** `node bench/run-compiled.mjs <folder> <name> <argument>...`: calls `main` of a bundled program, loaded as bin/optimizer.js loads the optimizer. */
import { loadCompiled } from "../scripts/load-compiled.mjs";

const [folder, name, ...asked] = process.argv.slice(2);
await loadCompiled(folder, `${name}.js`, name).main(...asked);
