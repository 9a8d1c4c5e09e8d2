// What each shell needs to complete `devmux`: it asks the program itself, so that names are those of this moment.

export const completionShells = ["bash", "zsh", "fish"] as const;
export type CompletionShell = (typeof completionShells)[number];

/** bash splits words at the colon that streams' names hold: they are put together again, and only what follows it is replaced. */
const bash = `_devmux() {
  local line="\${COMP_LINE:0:COMP_POINT}"
  local -a words
  read -r -a words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  local current="\${words[\${#words[@]}-1]}" IFS=$'\\n'
  COMPREPLY=($(devmux complete -- "\${words[@]:1}" 2>/dev/null | cut -f 1))
  case "$COMP_WORDBREAKS" in
    *:*) COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${current##*:}"}"}") ;;
  esac
}
complete -o default -F _devmux devmux
`;

const zsh = `#compdef devmux
_devmux() {
  local line
  local -a found
  for line in "\${(@f)$(devmux complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe devmux found; else _files; fi
}
if [[ $funcstack[1] == _devmux ]]; then _devmux "$@"; else compdef _devmux devmux; fi
`;

const fish = `function __devmux_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (devmux complete -- $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c devmux -f -a '(__devmux_complete)'
`;

export const completionScripts: Readonly<Record<CompletionShell, string>> = { bash, zsh, fish };
