// The attribute and event names in use, each with its source. "semconv" is OpenTelemetry Semantic Conventions 1.45,
// "client-side" the client-side registry 0.1.0-dev, "devmux" our own.

// Resource
/** semconv, stable */
export const ATTR_SERVICE_NAME = "service.name";
/** semconv, stable */
export const ATTR_SERVICE_VERSION = "service.version";
/** semconv, stable */
export const ATTR_TELEMETRY_SDK_NAME = "telemetry.sdk.name";
/** semconv, stable */
export const ATTR_TELEMETRY_SDK_VERSION = "telemetry.sdk.version";
/** semconv, stable: the distribution that wraps the official SDK */
export const ATTR_TELEMETRY_DISTRO_NAME = "telemetry.distro.name";
/** semconv, stable */
export const ATTR_TELEMETRY_DISTRO_VERSION = "telemetry.distro.version";
/** semconv, development: windows, linux, darwin … */
export const ATTR_OS_TYPE = "os.type";
/** semconv, development: iOS, Android, macOS … */
export const ATTR_OS_NAME = "os.name";
/** semconv, stable: on a resource the page's address when it connected */
export const ATTR_URL_FULL = "url.full";
/** semconv, stable */
export const ATTR_USER_AGENT_ORIGINAL = "user_agent.original";
/** devmux: browser, react-native, expo or node */
export const ATTR_DEVMUX_PLATFORM = "devmux.platform";
/** devmux: the operating system as the client named it: ios, android, web … */
export const ATTR_DEVMUX_PLATFORM_OS = "devmux.platform.os";
/** devmux: metro, vite, webpack … */
export const ATTR_DEVMUX_PLATFORM_BUNDLER = "devmux.platform.bundler";
/** devmux: the stream that a resource's records belong to */
export const ATTR_DEVMUX_STREAM_NAME = "devmux.stream.name";
/** devmux: the collector's session, from `hello-ack` */
export const ATTR_DEVMUX_SESSION_ID = "devmux.session.id";

// Where a record was made
/** semconv, stable */
export const ATTR_CODE_FILE_PATH = "code.file.path";
/** semconv, stable */
export const ATTR_CODE_LINE_NUMBER = "code.line.number";
/** semconv, stable */
export const ATTR_CODE_COLUMN_NUMBER = "code.column.number";
/** semconv, stable */
export const ATTR_CODE_FUNCTION_NAME = "code.function.name";
/** semconv, stable: the caller's stack, for console.trace */
export const ATTR_CODE_STACKTRACE = "code.stacktrace";

// Exceptions
/** semconv, stable */
export const ATTR_EXCEPTION_TYPE = "exception.type";
/** semconv, stable */
export const ATTR_EXCEPTION_MESSAGE = "exception.message";
/** semconv, stable */
export const ATTR_EXCEPTION_STACKTRACE = "exception.stacktrace";
/** devmux: true where nobody caught it */
export const ATTR_DEVMUX_EXCEPTION_UNHANDLED = "devmux.exception.unhandled";
/** devmux: what saw it: error, unhandledrejection, console … */
export const ATTR_DEVMUX_EXCEPTION_MECHANISM = "devmux.exception.mechanism";
/** devmux: causes, the errors of an AggregateError and own properties, as a map */
export const ATTR_DEVMUX_EXCEPTION_DETAILS = "devmux.exception.details";

/** devmux: the same for the records of one crash: a rejection, and the record that says it was handled after all */
export const ATTR_DEVMUX_EXCEPTION_ID = "devmux.exception.id";
/** devmux: where one crash surfaced, in order: console.error, error, unhandledrejection, react … */
export const ATTR_DEVMUX_EXCEPTION_SOURCES = "devmux.exception.sources";
/** devmux: what the console said about it beside the error itself */
export const ATTR_DEVMUX_EXCEPTION_MESSAGES = "devmux.exception.messages";

// Sessions
/** semconv, development: one load of a page, one run of a process; on the resource */
export const ATTR_SESSION_ID = "session.id";
/** semconv, development: the session before it in the same tab */
export const ATTR_SESSION_PREVIOUS_ID = "session.previous_id";

// Records
/** semconv, development: unique to a record; a client's is `<short clientId>-<record number>` */
export const ATTR_LOG_RECORD_UID = "log.record.uid";
/** client-side, development: log, info, warn, error, debug, trace … */
export const ATTR_BROWSER_CONSOLE_METHOD = "browser.console.method";
/** devmux: the first argument of a printf-style call, before substitution */
export const ATTR_DEVMUX_CONSOLE_TEMPLATE = "devmux.console.template";
/** devmux: the arguments as values, where the text alone loses something */
export const ATTR_DEVMUX_CONSOLE_ARGUMENTS = "devmux.console.arguments";
/** devmux: how many console groups were open */
export const ATTR_DEVMUX_CONSOLE_GROUP_DEPTH = "devmux.console.group_depth";
/** devmux: on a marker record, how many more records of the same text or the same place there were */
export const ATTR_DEVMUX_REPEATED_COUNT = "devmux.repeated.count";
/** devmux: on a marker record, how many records a client's full buffer dropped before it */
export const ATTR_DEVMUX_DROPPED_COUNT = "devmux.dropped.count";
/** devmux: Unix milliseconds of the first of them */
export const ATTR_DEVMUX_DROPPED_FROM_MS = "devmux.dropped.from_ms";
/** devmux: Unix milliseconds of the last of them */
export const ATTR_DEVMUX_DROPPED_TO_MS = "devmux.dropped.to_ms";

// What is read from output
/** devmux: which pattern knew the line: letters, digits and - */
export const ATTR_DEVMUX_PATTERN = "devmux.pattern";

// Event names
/** semconv, stable: an exception that a global handler saw */
export const EVENT_EXCEPTION = "exception";
/** client-side, development */
export const EVENT_BROWSER_CONSOLE = "browser.console";
/** semconv, development */
export const EVENT_SESSION_START = "session.start";
/** semconv, development */
export const EVENT_SESSION_END = "session.end";
/** devmux: a rejection that was reported as unhandled was handled later */
export const EVENT_DEVMUX_EXCEPTION_HANDLED = "devmux.exception.handled";
/** devmux: a place logged more than is sent one by one */
export const EVENT_DEVMUX_REPEATED = "devmux.records_repeated";
/** devmux: a client's buffer was full, records are gone */
export const EVENT_DEVMUX_DROPPED = "devmux.records_dropped";
