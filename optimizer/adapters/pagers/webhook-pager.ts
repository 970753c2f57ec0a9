import { setTimeout as pause } from "node:timers/promises";
import type { PageMessage } from "../../core/paging/page-message.ts";
import { PageFailed } from "../../errors.ts";
import { shownWebhookUrl } from "../../core/model/webhook-url.ts";
import type { Pager } from "../../ports/pager.ts";

const stoppedWords = "had not answered when this process was stopped";
const silentWords = "gave no answer in time";

/** Within the time-out: what fails for longer is tried again at later looks of the run. */
const maxTries = 3;
const firstPauseMs = 500;

/** Busy, or ill for a moment (https://www.rfc-editor.org/rfc/rfc9110#section-15, RFC 6585 for 429). */
const worthAnotherTry: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** Posts each message as JSON; told when the answer is 2xx. `timeoutMs` is for all tries together. Messages of its errors end the URL after the host. */
export function createWebhookPager(url: string, timeoutMs: number): Pager {
  return {
    channel: "webhook",
    async send(message, stop) {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(stop === undefined ? [] : [stop])]);
      for (let tries = 1; ; tries += 1) {
        const failure = await post(url, message, signal);
        if (failure === undefined) return;
        if (stop?.aborted === true) throw new PageFailed(`${shownWebhookUrl(url)} ${stoppedWords}`);
        if (!failure.isPassing || tries >= maxTries || signal.aborted) throw new PageFailed(`${shownWebhookUrl(url)} ${failure.words}`);
        // Ended by the time-out, it is found by the next try, which is not made.
        await pause(firstPauseMs * 2 ** (tries - 1), undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

interface Failure {
  readonly words: string;
  /** Another try may help. */
  readonly isPassing: boolean;
}

async function post(url: string, message: PageMessage, signal: AbortSignal): Promise<Failure | undefined> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "tap-optimizer" },
      body: JSON.stringify(message),
      // The message goes where the policy says, and nowhere else.
      redirect: "manual",
      signal,
    });
    // What is left of an answer says no more, and breaking off may fail as the connection did: the status was told before.
    await answer.body?.cancel().catch(() => undefined);
    if (answer.ok) return undefined;
    if (answer.status >= 300 && answer.status < 400) return { words: `answers ${answer.status}, a redirect, which is not followed`, isPassing: false };
    return { words: `answers ${answer.status}`, isPassing: worthAnotherTry.includes(answer.status) };
  } catch (error) {
    if (signal.aborted) return { words: silentWords, isPassing: false };
    return unreached(causeOf(error));
  }
}

/**
 * What Node says of a server whose certificate is not to be trusted: https://nodejs.org/api/tls.html#x509-certificate-error-codes, and of one that
 * is another host's. No other try changes it.
 */
const certificateCodes =
  /^(?:ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|DEPTH_ZERO_SELF_SIGNED_CERT|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|ERROR_IN_C(?:ERT|RL)_.*|(?:UNABLE_TO|CERT|CRL|SELF_SIGNED_CERT)_.*)$/;

function unreached(code: string): Failure {
  // The HTTP client's own time-out, ten seconds: it may come first where the process was kept from its timers for so long.
  if (code === "UND_ERR_CONNECT_TIMEOUT") return { words: silentWords, isPassing: true };
  if (certificateCodes.test(code)) {
    const words = `gets no message, since its certificate is not trusted (${code}); NODE_EXTRA_CA_CERTS names a file of certificates that are trusted besides the usual ones`;
    return { words, isPassing: false };
  }
  // What OpenSSL calls a version that it does not know is another protocol, such as plain HTTP.
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") return { words: `gets no message, since it speaks no TLS (${code})`, isPassing: false };
  return { words: `could not be reached: ${code}`, isPassing: true };
}

/** What Node says of a failed request is its cause, a code such as ECONNREFUSED; its text may repeat the URL. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error instanceof Error ? error.name : "unknown error";
}
