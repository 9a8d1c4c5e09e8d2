// What a log line must not be able to do to a terminal, one example each; and names that must not become commands.

const esc = "\x1b";
const bel = "\x07";

const sequences: readonly string[] = [
  `${esc}]0;owned${bel}`,
  `${esc}]2;owned${esc}\\`,
  `${esc}kowned${esc}\\`,
  `${esc}]8;;http://evil.test${esc}\\click${esc}]8;;${esc}\\`,
  `${esc}]52;c;cm0gLXJmIC8=${bel}`,
  `${esc}]52;c;?${bel}`,
  `${esc}]10;?${bel}`,
  `${esc}]4;1;?${bel}`,
  `${esc}]1337;File=inline=1:AAAA${bel}`,
  `${esc}]9;9;calc${bel}`,
  `${esc}Ptmux;${esc}${esc}]52;c;cm0=${bel}${esc}\\`,
  `${esc}P$q q${esc}\\`,
  `${esc}P+q544e${esc}\\`,
  `${esc}Pq#0;2;0;0;0#0~~@@vv@@~~${esc}\\`,
  `${esc}[c`,
  `${esc}[>c`,
  `${esc}[=c`,
  `${esc}[5n`,
  `${esc}[6n`,
  `${esc}[>q`,
  `${esc}[18t`,
  `${esc}[21t`,
  `${esc}[2J`,
  `${esc}[3J`,
  `${esc}[1;1H`,
  `${esc}[10A`,
  `${esc}[2K`,
  `${esc}[1M`,
  `${esc}[4h`,
  `${esc}[?1049h`,
  `${esc}[?25l`,
  `${esc}[?1000h`,
  `${esc}[?2004h`,
  `${esc}[1;5r`,
  `${esc}c`,
  `${esc}7${esc}8`,
  `${esc}M`,
  `${esc}(0lqqk${esc}(B`,
  `${esc}#8`,
  `${esc}]0;unterminated`,
  `${esc}Punterminated`,
  `${esc}_unterminated`,
  `${esc}^unterminated`,
  `${esc}[`,
  `${esc}[38;2;1;2;3`,
  esc,
  "ERROR all is lost\rINFO  all good",
  "secret\b\b\b\b\b\bpublic",
  `${bel}${bel}${bel}`,
  "\v\f\0\x0e\x0f\x7f",
  "\x9b2J\x9d0;owned\x9c\x90q\x9c\x85",
  "\u202eexe.txt\u202c \u2066isolated\u2069 \u200bzero\u200d\ufeff",
  "line\u2028separator\u2029",
  "\u{e0001}\u{e0041}tags",
  "two\n2026-11-21 12:00:00.000 ERROR forged\r\n12:34:56.789 ERROR forged",
  "\ud800 half \udc00",
];

/** Five hundred: each alone, then in pairs with text around them. */
export const hostileTexts: readonly string[] = Array.from({ length: 500 }, (_, index) => {
  const text = sequences[index % sequences.length]!;
  const other = sequences[(index * 7 + Math.floor(index / sequences.length)) % sequences.length]!;
  return index < sequences.length ? text : `before ${text} between ${other} after`;
});

/** `marker` is a file that exists when one of them ran. */
export function hostileNames(marker: string): readonly string[] {
  return [
    `#(touch ${marker})`,
    `#{E:#(touch ${marker})}`,
    `$(touch ${marker})`,
    `\`touch ${marker}\``,
    `'; touch ${marker} ;'`,
    `"; touch ${marker} ;"`,
    `| touch ${marker}`,
    `\ntouch ${marker}\n`,
    `; run-shell 'touch ${marker}' ;`,
    "-L evil",
    "--",
    "../../x",
    "/etc/passwd",
    "x".repeat(5_000),
    "{last}",
    "$0",
    "%0",
    "=:",
    "a:b.c",
    "",
    "\0",
    "日本語",
  ];
}
