import { expect, it } from "vitest";
import { renewedAlias, type ServingAlias } from "../../../../../optimizer/core/levers/lambda/changes.ts";

const served: ServingAlias = {
  region: "us-east-1",
  functionName: "archive",
  name: "live",
  revisionId: "r-1",
  codeSha256: "YWJj",
  isFirst: true,
  secondShare: undefined,
};

it.each<readonly [string, Partial<ServingAlias>, string]>([
  [
    "one version, published of its own code alone",
    {},
    'aws lambda update-alias --region us-east-1 --function-name archive --name live --function-version "$(aws lambda publish-version --region us-east-1 --function-name archive --code-sha256 YWJj --query Version --output text)" --revision-id r-1',
  ],
  [
    "one of which AWS tells neither code nor revision",
    { codeSha256: undefined, revisionId: undefined },
    'aws lambda update-alias --region us-east-1 --function-name archive --name live --function-version "$(aws lambda publish-version --region us-east-1 --function-name archive --query Version --output text)"',
  ],
  [
    "the second of two, with its share of the calls",
    { isFirst: false, secondShare: 0.1, codeSha256: undefined, revisionId: undefined },
    'aws lambda update-alias --region us-east-1 --function-name archive --name live --routing-config "AdditionalVersionWeights={$(aws lambda publish-version --region us-east-1 --function-name archive --query Version --output text)=0.1}"',
  ],
  [
    "both of two, which become one",
    { secondShare: 0.1, codeSha256: undefined, revisionId: undefined },
    'aws lambda update-alias --region us-east-1 --function-name archive --name live --function-version "$(aws lambda publish-version --region us-east-1 --function-name archive --query Version --output text)" --routing-config "AdditionalVersionWeights={}"',
  ],
])("an alias is led to a new version of the size that was brought back: %s", (_, given, command) => {
  expect(renewedAlias({ ...served, ...given })).toBe(command);
});
