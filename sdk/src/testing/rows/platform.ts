// Rows 18 and 46: objects that only some platforms have.

import { log, type Row } from "./row.ts";

function element(): Element {
  const made = document.createElement("div");
  made.id = "x";
  made.className = "c1 c2";
  return Object.assign(made, { __reactFiber$abc: { huge: made } });
}

export const platformRows: readonly Row[] = [
  log(
    "18 web",
    () => [
      new URL("http://a/b"),
      new Headers(),
      new Blob(["0123456789"], { type: "text/plain" }),
      new File(["01"], "a.txt", { type: "text/plain" }),
      new FormData(),
    ],
    "http://a/b [Headers] Blob(10, text/plain) File(2, text/plain) [FormData]",
    { needs: ["URL", "Headers", "Blob", "File", "FormData"] },
  ),
  log("18 bodies", () => [new Request("http://a/"), new Response("body")], "[Request] [Response]", {
    needs: ["Request", "Response"],
    after([call]) {
      if ((call?.[2] as Response | undefined)?.bodyUsed) throw new Error("the body was read");
    },
  }),
  log("46 element", () => [element(), document, document.createTextNode("t")], "<div#x.c1.c2> [Document] [#text]", {
    needs: ["document"],
  }),
  log("46 global", () => [globalThis], "[Window]"),
  log("46 event", () => [new Event("click")], "[Event click]", { needs: ["Event"] }),
  log(
    "46 event on an element",
    () => {
      let seen: Event | undefined;
      const target = element();
      target.addEventListener("click", (event) => {
        seen = event;
      });
      target.dispatchEvent(new Event("click"));
      return [seen];
    },
    "[Event click target=<div#x.c1.c2>]",
    { needs: ["document"] },
  ),
];
