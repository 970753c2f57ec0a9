import { InvalidNextToken, InvalidParameterValueException } from "@aws-sdk/client-cloudwatch";
import { refusal, serviceError } from "../../service-error.ts";

/** A request that breaks the API's own rules, as CloudWatch words it. */
export function validationError(message: string): Error {
  return serviceError("cloudwatch", "ValidationError", message);
}

export function invalidParameterValue(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException(refusal(message));
}

export function invalidNextToken(): InvalidNextToken {
  return new InvalidNextToken(refusal("The next token specified is invalid."));
}
