// One method of an object, wrapped and given back. Others wrap too, before and after us, and must not be undone.

type Method = (this: unknown, ...args: unknown[]) => unknown;

export interface Patch {
  /** Puts the original back if ours is still the one in place; either way ours only passes calls on from now. */
  undo(): void;
}

/** `around` gets the original. Undefined where there is no such method or it cannot be replaced. */
export function patchMethod<Key extends string>(
  target: { [key in Key]?: unknown },
  key: Key,
  around: (original: Method, isOn: () => boolean) => Method,
): Patch | undefined {
  let on = true;
  try {
    const original = target[key];
    if (typeof original !== "function") return undefined;
    const wrapper = around(original as Method, () => on);
    Object.defineProperty(wrapper, "name", { value: original.name || key, configurable: true });
    target[key] = wrapper;
    if (target[key] !== wrapper) return undefined;
    return {
      undo() {
        on = false;
        try {
          if (target[key] === wrapper) target[key] = original;
        } catch {
          // Frozen since; the wrapper passes calls on.
        }
      },
    };
  } catch {
    // A frozen console, or an accessor that throws.
    return undefined;
  }
}
