/**
 * Memory of one owner for figures that are needed only to find one of them: so many values of no meaning to be written over, the same each time,
 * since fresh memory for a series takes longer than the arithmetic on it. They are the owner's until it asks again: nothing may be called in
 * between that could.
 */
export function scratchMemory(): (length: number) => Float64Array {
  let buffer = new Float64Array();
  return (length) => {
    if (buffer.length < length) buffer = new Float64Array(length);
    return buffer.subarray(0, length);
  };
}
