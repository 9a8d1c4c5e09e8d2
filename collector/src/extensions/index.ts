// The extensions that the collector brings.

export { bearerTokenAuthFactory } from "./bearertokenauth/factory.ts";
export { storageFactory } from "./storage/factory.ts";
