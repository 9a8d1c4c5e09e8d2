// The table of options in each exporter's README is that of its configuration.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { factory as debug } from "./debug/index.ts";
import { factory as file } from "./file/index.ts";
import { factory as otlpGrpc } from "./otlp_grpc/index.ts";
import { factory as otlpHttp } from "./otlp_http/index.ts";
import { factory as queue } from "./queue/index.ts";
import { factory as tmux } from "./tmux/index.ts";

const factories = [tmux, queue, otlpHttp, otlpGrpc, file, debug];

interface Property {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Property>>;
}

/** `tls: {insecure}` is `tls.insecure`. */
function optionsOf({ properties }: Property, prefix = ""): [string, Property][] {
  return Object.entries(properties ?? {}).flatMap(([key, property]) =>
    property.properties === undefined ? [[prefix + key, property]] : optionsOf(property, `${prefix}${key}.`),
  );
}

describe.each(factories.map((factory) => [factory.type, factory] as const))("%s/README.md", (type, factory) => {
  const readme = readFileSync(new URL(`./${type}/README.md`, import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `([\w.]+)` \| (?:`?([^|`]*)`?)? ?\| (.*) \|$/gm)];
  const table = rows.map(([, option = "", initial = ""]) => [option, initial.trim()] as const);
  const schema = z.toJSONSchema(factory.config, { io: "input", unrepresentable: "any" });
  const properties = optionsOf(schema as Property);

  it("has every option and no other", () => {
    expect(table.map(([option]) => option)).toEqual(properties.map(([option]) => option));
  });

  it("has their defaults", () => {
    const plain = properties.filter(([, property]) => typeof property.default !== "object");
    expect(table.filter(([option]) => plain.some(([name]) => name === option))).toEqual(
      plain.map(([option, property]) => [option, property.default === undefined ? "" : String(property.default)]),
    );
  });

  it("says what each is for", () => {
    for (const [, option, , meaning] of rows) expect([option, (meaning ?? "").length > 10]).toEqual([option, true]);
  });
});
