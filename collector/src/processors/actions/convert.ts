// One type of value into another, for the action `convert`. What cannot be converted stays as it is.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { toBool, toDouble, toInt } from "../../expression/functions/conversions.ts";
import { toText } from "../../expression/values.ts";

export type ConvertedType = "int" | "double" | "string" | "boolean";

const conversions: Readonly<Record<ConvertedType, (value: AnyValue) => AnyValue>> = {
  int: toInt,
  double: toDouble,
  string: toText,
  boolean: toBool,
};

export function convert(value: AnyValue, to: ConvertedType): AnyValue {
  return conversions[to](value) ?? value;
}
