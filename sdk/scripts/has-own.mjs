// Object.hasOwn for the bundles: OTel's SDK uses it, and Chromium 90, Firefox 90 and Safari 15 have none.

const { hasOwnProperty: has } = Object.prototype;

export const hasOwn = (object, key) => has.call(object, key);
