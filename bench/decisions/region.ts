/** The one region of every account: what holds in one region holds in each. */
export const region = "us-east-1";
