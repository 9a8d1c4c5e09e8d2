// Services in the order in which they start: each after what it depends on, else as they are written.

interface Named {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** There is no circle; the configuration was checked for one. */
export function startOrder<T extends Named>(services: readonly T[]): T[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<T>();
  const visit = (service: T) => {
    for (const name of service.dependsOn) {
      const other = byName.get(name);
      if (other !== undefined && !ordered.has(other)) visit(other);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service);
  return [...ordered];
}
