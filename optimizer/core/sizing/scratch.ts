let buffer = new Float64Array();

/**
 * So many values of no meaning to be written over, for figures that are needed only to find one of them: the same memory each time, since fresh
 * memory for a series takes longer than the arithmetic on it. It is whoever's who asks, until somebody asks again: nothing may be asked or
 * called in between that could.
 */
export function scratch(length: number): Float64Array {
  if (buffer.length < length) buffer = new Float64Array(length);
  return buffer.subarray(0, length);
}
