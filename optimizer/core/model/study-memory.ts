import { oncePer, oncePerName } from "./once.ts";

/** Stands for the study that is being made. */
let study = {};

/**
 * Another resource's study begins: what is kept of the one before is forgotten. Kept as long as the things it was made of, figures of one study
 * outlive it until the engine looks through its whole memory, since a map that is older than they are holds them until then: a plan of a thousand
 * resources carried those of hundreds of studies along.
 */
export function beginStudy(): void {
  study = {};
}

/** Likewise `oncePer`, of things that one study alone is made of: asked for in a later one, a figure is made again. */
export function oncePerInStudy<Of extends WeakKey, R>(make: (of: Of) => R): (of: Of) => R {
  const known = keptInStudy(() => oncePer(make));
  return (of) => known()(of);
}

/** Likewise `oncePerName`. */
export function oncePerNameInStudy<R>(): ReturnType<typeof oncePerName<R>> {
  const known = keptInStudy(() => oncePerName<R>());
  return (of, name, make) => known()(of, name, make);
}

function keptInStudy<Known>(begin: () => Known): () => Known {
  let kept = { study, known: begin() };
  return () => {
    if (kept.study !== study) kept = { study, known: begin() };
    return kept.known;
  };
}
