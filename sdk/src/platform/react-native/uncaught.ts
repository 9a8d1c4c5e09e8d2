// Uncaught errors and rejections of React Native. Its own handlers stay in place and are called as before.

import type { Guard } from "../../capture/guard.ts";
import type { TakeError } from "../../capture/uncaught.ts";

type Handler = (error: unknown, isFatal?: boolean) => void;

interface NativeGlobals {
  readonly ErrorUtils?: { getGlobalHandler(): Handler | undefined; setGlobalHandler(handler: Handler): void };
  readonly HermesInternal?: { enablePromiseRejectionTracker?(options: RejectionTracking): void };
  readonly expo?: unknown;
}

/** As Hermes and the package `promise` take it, and as React Native has its own. */
export interface RejectionTracking {
  readonly allRejections?: boolean;
  readonly onUnhandled?: (id: number, rejection: unknown) => void;
  readonly onHandled?: (id: number) => void;
}

/** What an app hands over of React Native, which the client does not import. */
export interface ReactNativeParts {
  /** Flushes when the app goes to the background. */
  readonly AppState?: {
    addEventListener(type: "change", listener: (state: string) => void): { remove(): void } | undefined;
  };
  readonly Platform?: {
    readonly OS: string;
    readonly constants?: { readonly reactNativeVersion?: { readonly major: number; readonly minor: number } };
  };
  /** `require("react-native/Libraries/promiseRejectionTrackingOptions").default` */
  readonly promiseRejectionTrackingOptions?: RejectionTracking;
  /** On JavaScriptCore: `require("promise/setimmediate/rejection-tracking")` */
  readonly rejectionTracking?: { enable(options: RejectionTracking): void };
}

/** Begins to listen; the function it returns ends it. */
export function captureNative(parts: ReactNativeParts, guard: Guard, take: TakeError): () => void {
  const globals = globalThis as NativeGlobals;
  let isOn = true;
  const previous = globals.ErrorUtils?.getGlobalHandler();
  const handler: Handler = (thrown, isFatal) => {
    // At once, because the red box may stop everything.
    if (isOn) {
      const attributes = { "devmux.exception.fatal": isFatal === true };
      guard.run(() => take({ mechanism: "error", thrown, attributes }));
    }
    previous?.(thrown, isFatal);
  };
  globals.ErrorUtils?.setGlobalHandler(handler);
  const endRejections = captureRejections(parts, globals, guard, take);
  return () => {
    isOn = false;
    // Ours only passes on from here, where somebody has put theirs on top.
    if (previous && globals.ErrorUtils?.getGlobalHandler() === handler) globals.ErrorUtils.setGlobalHandler(previous);
    endRejections();
  };
}

/**
 * An engine has one tracker, and the second replaces the first. From React Native 0.82 on, and with Expo, the platform's
 * own reports through console.error, where it is recognised (`rejectionIn`). Before that it shows rejections to nobody
 * but LogBox: ours takes its place and calls it, where the app has handed it over.
 */
function captureRejections(
  { Platform, promiseRejectionTrackingOptions: own, rejectionTracking: onOthers }: ReactNativeParts,
  { expo, HermesInternal: hermes }: NativeGlobals,
  guard: Guard,
  take: TakeError,
): () => void {
  const { major = 0, minor = 0 } = Platform?.constants?.reactNativeVersion ?? {};
  const isOld = major === 0 && minor > 0 && minor < 82;
  const enable = (options: RejectionTracking): void =>
    hermes?.enablePromiseRejectionTracker ? hermes.enablePromiseRejectionTracker(options) : onOthers?.enable(options);
  if (!own || !isOld || expo != null) return () => {};
  const known = new Map<number, object>();
  enable({
    ...own,
    allRejections: true,
    onUnhandled(id, rejection) {
      const promise = {};
      known.set(id, promise);
      guard.run(() => take({ mechanism: "unhandledrejection", thrown: rejection, promise }));
      // It prints some of them, which would be a second record.
      guard.pass(() => own.onUnhandled?.(id, rejection));
    },
    onHandled(id) {
      const promise = known.get(id);
      known.delete(id);
      if (promise) guard.run(() => take({ mechanism: "rejectionhandled", promise }));
      own.onHandled?.(id);
    },
  });
  return () => enable(own);
}

/** What was rejected, where a console call is the platform's report of it. */
export function rejectionIn(args: readonly unknown[]): { readonly thrown: unknown } | undefined {
  try {
    const [first] = args;
    if (!(first instanceof Error) || !/^Uncaught \(in promise/.test(first.message)) return undefined;
    const { cause } = first as { cause?: unknown };
    return { thrown: cause ?? first };
  } catch {
    // An argument that nobody can look at is no report of the platform's, and its record is not to be lost.
    return undefined;
  }
}
