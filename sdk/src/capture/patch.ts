// One method of an object, wrapped and given back. Others wrap too, before and after us, and must not be undone.

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * `around` gets the original. The function that this returns puts the original back, if ours is still the one in place;
 * either way ours only passes calls on from then. Where there is no such method, or it cannot be replaced, nothing happens.
 */
export function patchMethod<Key extends string>(
  target: { [key in Key]?: unknown },
  key: Key,
  around: (original: Method, isOn: () => boolean) => Method,
): () => void {
  let on = true;
  let wrapper: Method | undefined;
  let original: unknown;
  try {
    original = target[key];
    if (typeof original === "function") {
      wrapper = around(original as Method, () => on);
      Object.defineProperty(wrapper, "name", { value: original.name, configurable: true });
      target[key] = wrapper;
    }
  } catch {
    // A frozen console, or an accessor that throws.
  }
  return () => {
    on = false;
    try {
      if (wrapper && target[key] === wrapper) target[key] = original;
    } catch {
      // Frozen since; the wrapper passes calls on.
    }
  };
}
