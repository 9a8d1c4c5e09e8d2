// Component and pipeline ids: `type` or `type/name`, the OTel Collector's rules (component/identifiable.go).

const typePattern = /^[a-zA-Z][0-9a-zA-Z_]{0,62}$/;
const namePattern = /^[^\p{Z}\p{C}\p{S}]+$/u;
/** The Collector's limit for a name. */
const maxNameLength = 1024;

export interface ComponentId {
  /** As written, trimmed. */
  readonly id: string;
  readonly type: string;
  readonly name: string | undefined;
}

/**
 * A parsed id, or what is wrong with it. Types of components loaded by package name or path may hold any character; they
 * have slashes of their own, so their name stands behind a `#`: `./my-exporter.js#second`.
 */
export function parseId(text: string): ComponentId | string {
  if (isModulePath(text.trim())) return parseModuleId(text.trim());
  const slash = text.indexOf("/");
  const type = (slash < 0 ? text : text.slice(0, slash)).trim();
  if (text.trim() === "") return "id must not be empty";
  if (slash < 0) return typePattern.test(type) ? { id: type, type, name: undefined } : badType(type);
  const name = text.slice(slash + 1).trim();
  if (!typePattern.test(type)) return badType(type);
  if (name === "") return `in "${text}" id: the part after / should not be empty`;
  if (!namePattern.test(name) || name.length > maxNameLength) return `invalid character(s) in name "${name}"`;
  return { id: `${type}/${name}`, type, name };
}

function parseModuleId(text: string): ComponentId | string {
  const [type = "", name] = text.split("#", 2);
  if (name === "") return `in "${text}" id: the part after # should not be empty`;
  if (name !== undefined && (!namePattern.test(name) || name.length > maxNameLength))
    return `invalid character(s) in name "${name}"`;
  return { id: text, type, name };
}

/** A component of the user's own, by path or package name: `./foo.js`, `@acme/devmux-exporter-foo`, `devmux-exporter-foo`. */
export function isModulePath(type: string): boolean {
  return /^(?:@|\.{1,2}\/|\/|devmux-)/.test(type);
}

function badType(type: string): string {
  return `invalid character(s) in type "${type}"; expected a letter, then letters, digits and _, at most 63`;
}
