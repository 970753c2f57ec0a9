/**
 * Several questions to AWS that belong together: what more than one of them rests on is asked once, so that all of it is seen at one moment. Each
 * look is one of its own, `Symbol("look")`.
 */
export type Look = symbol;
