import { CloudWatchServiceException, InvalidNextToken, InvalidParameterValueException } from "@aws-sdk/client-cloudwatch";
import { refusal, serviceErrors } from "../../account/service-error.ts";

export const errors = serviceErrors(CloudWatchServiceException, "query");

/** A request that breaks the API's own rules, as CloudWatch words it. */
export function validationError(message: string): Error {
  return errors.refuse("ValidationError", message);
}

export function invalidParameterValue(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException(refusal(message));
}

export function invalidNextToken(): InvalidNextToken {
  return new InvalidNextToken(refusal("The next token specified is invalid."));
}
