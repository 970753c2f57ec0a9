import { DataUnavailableException, InvalidNextTokenException } from "@aws-sdk/client-cost-explorer";
import { refusal, serviceError } from "../../service-error.ts";

export function validationException(message: string): Error {
  return serviceError("cost-explorer", "ValidationException", message);
}

export function dataUnavailable(message: string): DataUnavailableException {
  return new DataUnavailableException(refusal(message));
}

export function invalidNextPageToken(): InvalidNextTokenException {
  return new InvalidNextTokenException(refusal("The page token is invalid."));
}
