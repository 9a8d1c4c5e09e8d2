// Attributes, and entries of maps, whose key says that their value is a secret.
//
// Every key that is recognised here has a needle of the rules in it, so that a batch without needles is passed on unread.

/** `none`: its texts are looked at as any others. `texts`: they are replaced. `all`: numbers too. */
export type KeyVerdict = "none" | "texts" | "all";

const password = /passw(?:or)?d|passphrase/;
const secret =
  /(?:secret|secret[_.-]?(?:access[_.-]?)?key|(?:api|access|private|account|encryption|signing)[_.-]?key|token|pwd|authorization|(?:^|[_.-]|[a-z])cookies?)$/;
/** Where a list goes on, what a grammar is made of: tokens that open nothing. */
const harmless =
  /(?:next|page|continuation|cursor|sync|cancellation|cancel|max|stop|eos|bos|pad|unk|syntax|css|design)[_.-]?token$/;

/** Keys of one collector repeat; the number is that of `maxValues` keys of a hostile record, a few times over. */
const maxRemembered = 4_096;

export function createKeyVerdicts(): (key: string) => KeyVerdict {
  const known = new Map<string, KeyVerdict>();
  return (key) => {
    let verdict = known.get(key);
    if (verdict === undefined) {
      verdict = judge(key);
      if (known.size >= maxRemembered) known.clear();
      known.set(key, verdict);
    }
    return verdict;
  };
}

function judge(key: string): KeyVerdict {
  const lower = key.toLowerCase();
  if (password.test(lower)) return "all";
  return secret.test(lower) && !harmless.test(lower) ? "texts" : "none";
}
