// From a vitest JSON report to how many passed and failed.

import { readFileSync } from "node:fs";

/** Never says that nothing failed where the run itself did: no report, a file that does not load, an error outside any test. */
export function verdictOf(reportFile, exitCode) {
  const { passed, failed } = readReport(reportFile);
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

function readReport(path) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
    // A file that failed with no failed test in it: it does not load, or its set-up fails.
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((each) => each.status !== "failed"),
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch (error) {
    console.error(`the test runner left no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
