/** Of every account: what is said of one region holds of each. */
export const region = "us-east-1";
