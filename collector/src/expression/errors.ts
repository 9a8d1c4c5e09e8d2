// What is wrong with an expression: when it is read (ExpressionError), and with one record (EvaluationError).

/** An expression that cannot be compiled: where, what was found, what was expected. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly code = "DEVMUX_EXPRESSION";
  /** 1 is the first character. */
  readonly column: number;

  constructor(at: number, message: string) {
    super(`column ${at + 1}: ${message}`);
    this.column = at + 1;
  }
}

/** A record that an expression cannot be applied to. Says types and paths, never a value: it ends up in the log. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly code = "DEVMUX_EVALUATION";
}
