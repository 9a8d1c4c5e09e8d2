// Stands in for @opentelemetry/resources in the bundles: attributes and nothing else. What that package does besides,
// detecting and awaiting, is never used here, and is a twentieth of a page's bytes.

export function resourceFromAttributes(attributes) {
  return {
    attributes,
    merge: (other) => resourceFromAttributes({ ...attributes, ...other?.attributes }),
    getRawAttributes: () => Object.entries(attributes),
  };
}

/** OTel's provider takes this where it is given no resource, which we never do. */
export const defaultResource = () => resourceFromAttributes({});
