/** What `work` resolves to, unless that takes longer than `ms`: then it rejects with the given error, whatever the work goes on to do. */
export async function givenUpAfter<T>(work: Promise<T>, ms: number, slow: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(slow()), ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
