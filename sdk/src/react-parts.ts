// What React gets, with whatever captures an error: the client's own capture, or none in a production build.

export interface ReactErrorInfo {
  readonly componentStack?: string | null | undefined;
}

export type CaptureReactError = (error: unknown, info?: ReactErrorInfo) => void;

export interface ReactRootOptions {
  onCaughtError(error: unknown, info: ReactErrorInfo): void;
  onUncaughtError(error: unknown, info: ReactErrorInfo): void;
  onRecoverableError(error: unknown, info: ReactErrorInfo): void;
}

/**
 * For React 19: `createRoot(element, reactErrorHandlers())`. Each captures the error, then calls the app's own handler of the same name; where there
 * is none it does what React does by itself: caught errors are printed, the others are reported to the window.
 */
export function handlersWith(capture: CaptureReactError, own: Partial<ReactRootOptions>): ReactRootOptions {
  const report = (error: unknown): void => {
    if (typeof reportError === "function") reportError(error);
    else console.error(error);
  };
  const withCapture =
    (next: (error: unknown, info: ReactErrorInfo) => void) =>
    (error: unknown, info: ReactErrorInfo): void => {
      capture(error, info);
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

export interface ReactLike<Component extends ComponentClass> {
  readonly Component: Component;
}

export interface ErrorBoundaryProps<Node = unknown> {
  readonly children?: Node;
  /** Shown in place of what failed; a function gets the error. Default: nothing. */
  readonly fallback?: Node | ((error: unknown) => Node);
  readonly onError?: (error: unknown, info: ReactErrorInfo) => void;
}

export type ErrorBoundaryClass<Component extends ComponentClass, Node> = new (
  props: ErrorBoundaryProps<Node>,
) => Omit<InstanceType<Component>, "props" | "render"> & { props: ErrorBoundaryProps<Node>; render(): Node };

export function boundaryWith<Component extends ComponentClass, Node = unknown>(
  capture: CaptureReactError,
  react: ReactLike<Component>,
): ErrorBoundaryClass<Component, Node> {
  const Base = react.Component as unknown as new (
    props: ErrorBoundaryProps<Node>,
  ) => { props: ErrorBoundaryProps<Node>; state?: { failed?: { readonly error: unknown } } | null };
  class ErrorBoundary extends Base {
    static getDerivedStateFromError(error: unknown): { readonly failed: { readonly error: unknown } } {
      return { failed: { error } };
    }

    componentDidCatch(error: unknown, info: ReactErrorInfo): void {
      capture(error, info);
      this.props.onError?.(error, info);
    }

    render(): Node {
      const failed = this.state?.failed;
      const { children = null, fallback = null } = this.props;
      if (failed === undefined) return children as Node;
      return typeof fallback === "function" ? (fallback as (error: unknown) => Node)(failed.error) : (fallback as Node);
    }
  }
  return ErrorBoundary as never;
}
