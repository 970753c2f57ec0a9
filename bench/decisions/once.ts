/** Computes once for each name. */
export function once<Asked, Made>(make: (asked: Asked) => Made, nameOf: (asked: Asked) => string): (asked: Asked) => Made {
  const known = new Map<string, { readonly made: Made }>();
  return (asked) => {
    const name = nameOf(asked);
    const before = known.get(name);
    if (before !== undefined) return before.made;
    const made = make(asked);
    known.set(name, { made });
    return made;
  };
}
