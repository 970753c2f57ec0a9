import type { $ClientProtocol, EndpointV2 } from "@smithy/types";
import { Fault } from "../../errors.ts";

/** Of a host that nobody can have: https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const nowhere: EndpointV2 = { url: new URL("https://unsent.invalid/") };

/** No request is written, and none is read. */
const unwritten: $ClientProtocol<object, object> = {
  getShapeId: () => "tap#unsent",
  getRequestType: () => Object,
  getResponseType: () => Object,
  getPayloadCodec: () => unsent(),
  setSerdeContext: () => undefined,
  serializeRequest: () => Promise.resolve({}),
  updateServiceEndpoint: (request) => request,
  deserializeResponse: () => Promise.reject(unsentFault()),
};

/**
 * For clients whose calls are answered from their input, before anything is sent: writing each request, and finding out to where, took a sixth of
 * a simulated run. What a request must have is then told by whoever answers it.
 */
export const unsentRequests = { protocol: unwritten, endpointProvider: (): EndpointV2 => nowhere };

function unsent(): never {
  throw unsentFault();
}

function unsentFault(): Fault {
  return new Fault("a client that sends nothing was to read or write what is sent");
}
