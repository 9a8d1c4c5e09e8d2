// For React, and what has its Component class: errors of a render with the stack of components. Imports no React; who
// uses this hands it over.

import type { ComponentClass, ErrorBoundaryClass, ReactErrorInfo, ReactLike, ReactRootOptions } from "./react-parts.ts";
import { boundaryWith, handlersWith } from "./react-parts.ts";
import { getRunning } from "./running.ts";

export type { ErrorBoundaryClass, ErrorBoundaryProps, ReactErrorInfo, ReactRootOptions } from "./react-parts.ts";

/** Reports an error that React has caught. Without a running client it does nothing. Never throws. */
export function captureReactError(error: unknown, info?: ReactErrorInfo): void {
  const stack = info?.componentStack;
  const attributes = typeof stack === "string" ? { "devmux.react.component_stack": stack.slice(0, 8_192) } : undefined;
  getRunning()?.takeError({ mechanism: "react", thrown: error, attributes });
}

/** For React 19: `createRoot(element, reactErrorHandlers())`; see `handlersWith`. */
export function reactErrorHandlers(own: Partial<ReactRootOptions> = {}): ReactRootOptions {
  return handlersWith(captureReactError, own);
}

/** `const ErrorBoundary = createErrorBoundary(React)`; then `<ErrorBoundary fallback={<p>Sorry</p>}>…</ErrorBoundary>`. */
export function createErrorBoundary<Component extends ComponentClass, Node = unknown>(
  react: ReactLike<Component>,
): ErrorBoundaryClass<Component, Node> {
  return boundaryWith(captureReactError, react);
}
