// The pattern sets that come with the receiver: what servers, frameworks, databases and runtimes print when something is wrong.
//
// Each expression runs once over a line of bounded length and has no repetition inside a repetition over the same characters,
// so that its time is linear in the line.

import type { PatternSet, PatternSeverity } from "./own.ts";

export interface BuiltinPattern {
  readonly name: string;
  readonly severity: PatternSeverity;
  readonly regex: RegExp;
}

function of(severity: PatternSeverity, name: string, regex: RegExp): BuiltinPattern {
  return { severity, name, regex };
}

export const builtinSets: { readonly [set in PatternSet]: readonly BuiltinPattern[] } = {
  fatal: [
    of(
      "fatal",
      "out-of-memory",
      /JavaScript heap out of memory|java\.lang\.OutOfMemoryError|^MemoryError\b|Out of memory: Kill/,
    ),
    of("fatal", "segfault", /Segmentation fault|\bSIGSEGV\b|\bSIGABRT\b|core dumped/),
    of("fatal", "panic", /^(?:thread '.{0,100}' )?panic(?:ked at|:) /),
    of("fatal", "fatal", /^(?:\[?FATAL\]?\b|FATAL ERROR:|Fatal error:|#\s*A fatal error has been detected)/),
  ],
  database: [
    of("error", "database-unreachable", /ECONNREFUSED \S{0,64}:(?:5432|3306|1433|6379|27017|9042)\b/),
    of("error", "prisma", /\bPrismaClient[A-Za-z]{0,40}Error\b|\bPrisma schema validation\b/),
    of(
      "error",
      "postgres",
      /^(?:ERROR|FATAL|PANIC): {2}|duplicate key value violates unique constraint|relation ".{0,128}" does not exist|password authentication failed for user/,
    ),
    of("error", "mysql", /\bER_[A-Z_]{3,60}\b|Lock wait timeout exceeded|You have an error in your SQL syntax/),
    of(
      "error",
      "sqlite",
      /\bSQLITE_(?:BUSY|CORRUPT|ERROR|CONSTRAINT|CANTOPEN|FULL|READONLY|LOCKED)\b|sqlite3\.[A-Za-z]{1,30}Error/,
    ),
    of("error", "mongodb", /\bMongo[A-Za-z]{0,40}Error\b|\bMongooseError\b/),
    of("error", "redis", /\b(?:ReplyError|MaxRetriesPerRequestError)\b|\bWRONGTYPE Operation\b/),
    of(
      "error",
      "orm",
      /\bSequelize[A-Za-z]{0,40}Error\b|\b(?:QueryFailedError|DrizzleQueryError)\b|sqlalchemy\.exc\.|psycopg2?\.[A-Za-z.]{1,40}Error|django\.db\.utils\./,
    ),
    of("error", "deadlock", /\bdeadlock (?:detected|found)/i),
    of(
      "error",
      "too-many-connections",
      /too many (?:connections|clients already)|remaining connection slots are reserved/i,
    ),
  ],
  nextjs: [
    of("error", "nextjs-prerender", /Error occurred prerendering page/),
    of("error", "nextjs-runtime", /Unhandled Runtime Error/),
    of("error", "nextjs-error", /^\s?⨯ /),
    of("warning", "nextjs-warning", /^\s?⚠ /),
  ],
  react: [
    of(
      "error",
      "react-hydration",
      /Hydration failed|did(?:n't| not) match the (?:client|server)|error occurred during hydration/i,
    ),
    of("error", "react-hooks", /Invalid hook call|Rendered (?:more|fewer) hooks than/),
    of("error", "react-rerender", /Too many re-renders|Maximum update depth exceeded/),
    of(
      "error",
      "react-error",
      /Minified React error #\d|The above error occurred in the <|Objects are not valid as a React child/,
    ),
    of(
      "warning",
      "react-warning",
      /Warning: (?:Each child in a list|Failed prop type|Can't perform a React state update|validateDOMNesting|React )|should have a unique "key" prop/,
    ),
  ],
  web: [
    of(
      "error",
      "compile",
      /Failed to compile|Module build failed|Internal server error: |\[vite\].{0,40}\berror\b|✘ \[ERROR\]|^ERROR in \.?\/|\bTS\d{4,5}: /,
    ),
    of("error", "module-not-found", /Module not found: |Failed to resolve import |Could not resolve "/),
    of("error", "cors", /blocked by CORS policy|CORS error/i),
    of("error", "fetch-failed", /\bTypeError: (?:fetch failed|Failed to fetch)\b|\bnet::ERR_[A-Z_]{3,60}\b/),
    of(
      "error",
      "http-5xx",
      /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,2048}(?: HTTP\/[\d.]{1,3}"?)?(?: -| →|:)? 5\d\d\b/,
    ),
    of(
      "warning",
      "http-4xx",
      /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,2048}(?: HTTP\/[\d.]{1,3}"?)?(?: -| →|:)? 4\d\d\b/,
    ),
    of("warning", "compile-warning", /▲ \[WARNING\]|^WARNING in /),
  ],
  python: [
    of("error", "python-traceback", /^\s{0,8}Traceback \(most recent call last\):/),
    of("error", "python-log", /^(?:ERROR|CRITICAL):[\w.]{1,80}:/),
    of(
      "warning",
      "python-warning",
      /^(?!\(node:).{0,400}\b(?:Deprecation|PendingDeprecation|Future|User|Runtime|Syntax|Resource|Import)Warning: |^WARNING:[\w.]{1,80}:/,
    ),
    of(
      "error",
      "python-error",
      // Names that only Python has.
      /^(?:Key|Value|Attribute|Name|Index|Import|ModuleNotFound|ZeroDivision|Unicode\w{0,10}|Indentation|FileNotFound|Permission|Recursion|OS|UnboundLocal|Lookup)Error(?:: |$)/,
    ),
  ],
  node: [
    of(
      "warning",
      "node-warning",
      /\(node:\d{1,10}\) |\b(?:DeprecationWarning|ExperimentalWarning|MaxListenersExceededWarning): /,
    ),
    of("error", "node-unhandled", /UnhandledPromiseRejection|\bUncaught (?:\(in promise\) )?\S/),
    of("error", "node-module", /Cannot find (?:module|package) '|\bERR_MODULE_NOT_FOUND\b|\bERR_REQUIRE_ESM\b/),
    of("error", "node-port-in-use", /\bEADDRINUSE\b/),
    of("error", "node-connection", /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EPIPE|EHOSTUNREACH)\b/),
    of("error", "node-system", /\bError: (?:ENOENT|EACCES|EPERM|EMFILE|ENOSPC|EISDIR|ENOTDIR|EROFS): /),
    of("error", "node-npm", /^npm (?:ERR!|error) |^\s?ERR_PNPM_|ELIFECYCLE\b/),
    of("error", "node-error", /(?:^|[\s:([])[\w$.]{0,80}(?:Error|Exception)(?: \[[A-Z_]{1,60}\])?: /),
  ],
  // What a line says of itself.
  levels: [
    of(
      "fatal",
      "level-fatal",
      /^(?:\S{1,40} ){0,2}\[?(?:FATAL|CRITICAL)\]?[: ]|"level":(?:60\b|"(?:fatal|critical)")|\blevel=(?:fatal|critical|panic)\b/,
    ),
    of("error", "level-error", /^(?:\S{1,40} ){0,2}\[?(?:ERROR|error)\]?[: ]|"level":(?:50\b|"error")|\blevel=error\b/),
    of(
      "warning",
      "level-warning",
      /^(?:\S{1,40} ){0,2}\[?(?:WARN(?:ING)?|warn(?:ing)?)\]?[: ]|"level":(?:40\b|"warn(?:ing)?")|\blevel=warn(?:ing)?\b/,
    ),
    of(
      "debug",
      "level-debug",
      /^(?:\S{1,40} ){0,2}\[?(?:DEBUG|TRACE|debug|trace)\]?[: ]|"level":(?:[12]0\b|"(?:debug|trace)")|\blevel=(?:debug|trace)\b/,
    ),
  ],
};
