import fc from "fast-check";
import { expect, test } from "vitest";
import { startOrder } from "./order.ts";

test("each service comes once, after all that it depends on", () => {
  const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map((rows) =>
    // Only on earlier ones, so that there is no circle; then shuffled by name.
    rows.map((row, index) => ({
      name: `s${index}`,
      dependsOn: index === 0 ? [] : [...new Set(row.map((each) => `s${each % index}`))],
    })),
  );
  fc.assert(
    fc.property(graphs, (services) => {
      const ordered = startOrder(services.toReversed()).map(({ name }) => name);
      expect([...ordered].sort()).toEqual(services.map(({ name }) => name).sort());
      for (const { name, dependsOn } of services)
        for (const other of dependsOn) expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(name));
    }),
  );
});
