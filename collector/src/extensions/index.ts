// The extensions that the collector brings.

export { storageFactory } from "./storage/factory.ts";
