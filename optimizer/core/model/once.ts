/** A figure that is made when the first one asks for it, and kept for the others. */
export function once<R>(make: () => R): () => R {
  let made: { readonly result: R } | undefined;
  return () => (made ??= { result: make() }).result;
}

/** Likewise of each thing it is made of, as long as that is there. Where that belongs to one resource's study, study-memory.ts keeps it. */
export function oncePer<Of extends WeakKey, R>(make: (of: Of) => R): (of: Of) => R {
  const made = new WeakMap<Of, { readonly result: R }>();
  return (of) => {
    const known = made.get(of) ?? { result: make(of) };
    made.set(of, known);
    return known.result;
  };
}

/** Likewise of each number or name; of no more than `mostKept`, the others each time. */
export function oncePerValue<Of extends number | string, R>(make: (of: Of) => R, mostKept = Number.POSITIVE_INFINITY): (of: Of) => R {
  const made = new Map<Of, { readonly result: R }>();
  return (of) => {
    const known = made.get(of) ?? { result: make(of) };
    if (made.size < mostKept) made.set(of, known);
    return known.result;
  };
}

/** Likewise of each thing by names, made by whoever first asks for one. */
export function oncePerName<R>(): (of: object, name: string, make: () => R) => R {
  const made = new WeakMap<object, Map<string, { readonly result: R }>>();
  return (of, name, make) => {
    const own = made.get(of) ?? new Map<string, { readonly result: R }>();
    made.set(of, own);
    const known = own.get(name) ?? { result: make() };
    own.set(name, known);
    return known.result;
  };
}
