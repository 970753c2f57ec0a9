import { CostExplorerServiceException, DataUnavailableException, InvalidNextTokenException } from "@aws-sdk/client-cost-explorer";
import { refusal, serviceErrors } from "../../account/service-error.ts";

export const errors = serviceErrors(CostExplorerServiceException, "json");

export function validationException(message: string): Error {
  return errors.refuse("ValidationException", message);
}

export function dataUnavailable(message: string): DataUnavailableException {
  return new DataUnavailableException(refusal(message));
}

export function invalidNextPageToken(): InvalidNextTokenException {
  return new InvalidNextTokenException(refusal("The page token is invalid."));
}
