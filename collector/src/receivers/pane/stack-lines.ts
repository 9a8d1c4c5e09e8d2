// What single lines of a stack trace look like: V8, Python, Java and what prints like them. All are tried on bounded lines.

/** `    at f (file.js:1:2)`, `\tat com.example.Shop.pay(Shop.java:12)`. */
export function isFrame(line: string): boolean {
  return /^\s+at \S/.test(line);
}

/** `... 12 more` (Java), `... 3 lines matching cause stack trace ...` (Node). */
export function isOmission(line: string): boolean {
  return /^\s+\.\.\. \d+ (?:more|lines|common)\b/.test(line);
}

/** `Caused by: x` (Java), `[cause]: x`, `[errors]: [` (Node). */
export function isCause(line: string): boolean {
  return /^\s*(?:Caused by: |Suppressed: |\[cause\]: |\[errors\]: )/.test(line);
}

/** The first line of an error whose message may go on before its frames come. */
export function isErrorHead(line: string): boolean {
  return /^(?:Uncaught |Unhandled |Exception in thread "[^"]{0,100}" |Error: |⨯ |\[cause\]: )?[\w$.]{0,160}(?:Error|Exception)(?: \[\w{1,80}\])?(?:: |:?$)/.test(
    line.trimStart().slice(0, 400),
  );
}

/** An error's name and colon anywhere near the beginning: `save failed TypeError: x`. */
export function namesError(line: string): boolean {
  return /(?:Error|Exception)(?: \[\w{1,80}\])?: /.test(line.slice(0, 400));
}

export function isTraceback(line: string): boolean {
  return /^\s*(?:\+ (?:Exception Group )?)?Traceback \(most recent call last\):\s*$/.test(line);
}

/** Between the tracebacks of one chain. */
export function isTracebackLink(line: string): boolean {
  return /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of)/.test(
    line,
  );
}

/** `/app/server.js:3`: what Node prints before the source line of an uncaught error. */
export function isCrashPlace(line: string): boolean {
  return /^(?:file:\/\/|node:|[A-Za-z]:\\|\/)\S{0,1000}:\d{1,9}$/.test(line);
}

/** `Node.js v24.1.0`, the last line of a crash. */
export function isRuntimeVersion(line: string): boolean {
  return /^Node\.js v\d/.test(line);
}
