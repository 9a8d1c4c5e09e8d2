// The package's name and version, as its records tell them. A test compares them with package.json.

export const packageName = "@chriscode/devmux-telemetry";
export const packageVersion = "0.1.0";
