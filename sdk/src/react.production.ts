// The React entry of a production build: boundaries and handlers as ever, and nobody who is told.

import type * as Parts from "./react.ts";
import { boundaryWith, handlersWith } from "./react-parts.ts";

export const captureReactError: typeof Parts.captureReactError = () => {};
export const reactErrorHandlers: typeof Parts.reactErrorHandlers = (own = {}) => handlersWith(captureReactError, own);
export const createErrorBoundary: typeof Parts.createErrorBoundary = (react) => boundaryWith(captureReactError, react);
