// For React, and what has its Component class: errors of a render with the stack of components. Imports no React; who
// uses this hands it over.

import { getRunning } from "./running.ts";

export interface ReactErrorInfo {
  readonly componentStack?: string | null | undefined;
}

/** Reports an error that React has caught. Without a running client it does nothing. Never throws. */
export function captureReactError(error: unknown, info?: ReactErrorInfo): void {
  const stack = info?.componentStack;
  const attributes = typeof stack === "string" ? { "devmux.react.component_stack": stack.slice(0, 8_192) } : undefined;
  getRunning()?.takeError({ mechanism: "react", thrown: error, attributes });
}

export interface ReactRootOptions {
  onCaughtError(error: unknown, info: ReactErrorInfo): void;
  onUncaughtError(error: unknown, info: ReactErrorInfo): void;
  onRecoverableError(error: unknown, info: ReactErrorInfo): void;
}

/**
 * For React 19: `createRoot(element, reactErrorHandlers())`. Each calls the app's own handler of the same name; where there
 * is none it does what React does by itself: caught errors are printed, the others are reported to the window.
 */
export function reactErrorHandlers(own: Partial<ReactRootOptions> = {}): ReactRootOptions {
  const report = (error: unknown): void => {
    if (typeof reportError === "function") reportError(error);
    else console.error(error);
  };
  const withCapture =
    (next: (error: unknown, info: ReactErrorInfo) => void) =>
    (error: unknown, info: ReactErrorInfo): void => {
      captureReactError(error, info);
      next(error, info);
    };
  return {
    onCaughtError: withCapture(own.onCaughtError ?? ((error) => console.error(error))),
    onUncaughtError: withCapture(own.onUncaughtError ?? report),
    onRecoverableError: withCapture(own.onRecoverableError ?? report),
  };
}

/** As much of React as a boundary needs: its Component. */
export type ComponentClass = new (
  // biome-ignore lint/suspicious/noExplicitAny: React's own class is generic in its props, and any class must fit.
  props: any,
) => object;

export interface ErrorBoundaryProps<Node = unknown> {
  readonly children?: Node;
  /** Shown in place of what failed; a function gets the error. Default: nothing. */
  readonly fallback?: Node | ((error: unknown) => Node);
  readonly onError?: (error: unknown, info: ReactErrorInfo) => void;
}

export type ErrorBoundaryClass<Component extends ComponentClass, Node> = new (
  props: ErrorBoundaryProps<Node>,
) => Omit<InstanceType<Component>, "props" | "render"> & { props: ErrorBoundaryProps<Node>; render(): Node };

/** `const ErrorBoundary = createErrorBoundary(React)`; then `<ErrorBoundary fallback={<p>Sorry</p>}>…</ErrorBoundary>`. */
export function createErrorBoundary<Component extends ComponentClass, Node = unknown>(react: {
  readonly Component: Component;
}): ErrorBoundaryClass<Component, Node> {
  const Base = react.Component as unknown as new (
    props: ErrorBoundaryProps<Node>,
  ) => { props: ErrorBoundaryProps<Node>; state?: { failed?: { readonly error: unknown } } | null };
  class DevmuxErrorBoundary extends Base {
    static getDerivedStateFromError(error: unknown): { readonly failed: { readonly error: unknown } } {
      return { failed: { error } };
    }

    componentDidCatch(error: unknown, info: ReactErrorInfo): void {
      captureReactError(error, info);
      this.props.onError?.(error, info);
    }

    render(): Node {
      const failed = this.state?.failed;
      const { children = null, fallback = null } = this.props;
      if (failed === undefined) return children as Node;
      return typeof fallback === "function" ? (fallback as (error: unknown) => Node)(failed.error) : (fallback as Node);
    }
  }
  return DevmuxErrorBoundary as never;
}
