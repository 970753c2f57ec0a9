import { mockClient } from "aws-sdk-client-mock";
import { afterAll } from "vitest";

/**
 * Answers of the test's own in place of what the SDK's clients would send. They stand in the class of the client, which all tests of a worker
 * share: after the file it sends again.
 */
export const answersOf: typeof mockClient = (client) => {
  const answers = mockClient(client);
  afterAll(() => answers.restore());
  return answers;
};
