export * from "./agent";
export * from "./agent-conversation";
export * from "./agent-list";
export type { ConnectionState, StopReason } from "./connection";
export { Drafts, safeStorage } from "./drafts";
export { Http, HttpError } from "./http";
export { Log, type Position } from "./log";
export type { Pending, Problem } from "./store";
export { uuid7 } from "./uuid";
