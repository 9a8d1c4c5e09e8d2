// What the views of one batch share: its rows, its resources and scopes once decoded, the texts that repeat.

import { bufferShift, type Layout, resourceRow, scopeRow } from "./layout.ts";
import { ResourceView, ScopeView } from "./origin.ts";
import { Texts } from "./wire/utf8.ts";

export class Reading {
  readonly items: Uint32Array;
  readonly texts: Texts = new Texts();
  private readonly layout: Layout;
  private readonly resources = new Map<number, ResourceView>();
  private readonly scopes = new Map<number, ScopeView>();

  constructor(layout: Layout) {
    this.layout = layout;
    this.items = layout.items;
  }

  /** The buffer that an item is in, from its `meta`. */
  bufferOf(meta: number): Uint8Array {
    return this.layout.buffers[meta >>> bufferShift]!;
  }

  resource(row: number): ResourceView {
    let view = this.resources.get(row);
    if (view === undefined) {
      const { buffers, resources } = this.layout;
      const at = row * resourceRow;
      view = new ResourceView(buffers[resources[at]!]!, resources[at + 1]!, resources[at + 2]!, this.texts);
      this.resources.set(row, view);
    }
    return view;
  }

  resourceOf(scope: number): ResourceView {
    return this.resource(this.layout.scopes[scope * scopeRow + 3]!);
  }

  scope(row: number): ScopeView {
    let view = this.scopes.get(row);
    if (view === undefined) {
      const { buffers, scopes } = this.layout;
      const at = row * scopeRow;
      view = new ScopeView(buffers[scopes[at]!]!, scopes[at + 1]!, scopes[at + 2]!, this.texts);
      this.scopes.set(row, view);
    }
    return view;
  }
}
